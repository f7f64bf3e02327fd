"""What the type check is told about the tools, written from their specs and result values."""

from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.typed_results import (
    RuffResult,
    RuffViolation,
    TestCase,
    TestResult,
    TypeCheckError,
    TypeCheckResult,
    TypedItem,
    TypedResult,
)

CODE_TOOL = "execute_code"
RESULT_TYPES: dict[str, type[TypedResult]] = {
    "typecheck": TypeCheckResult,
    "ruff_check": RuffResult,
    "pytest_run": TestResult,
}
"""The value that each typed tool returns; each takes a path."""

ITEM_TYPES: dict[str, type[TypedItem]] = {
    "typecheck": TypeCheckError,
    "ruff_check": RuffViolation,
    "pytest_run": TestCase,
}

TEXT_TOOLS: dict[str, tuple[str, ...]] = {
    tool.name: tuple(tool.parameters["properties"])
    for tool in AGENT_TOOLS
    if tool.name != CODE_TOOL
}
"""The parameters of the tools that take and return text."""


def type_stubs() -> str:
    """Return the declarations of all tools and their results as Python source."""
    classes = [_class(kind) for kind in (*ITEM_TYPES.values(), *RESULT_TYPES.values())]
    typed = [
        f"def {name}(path: str) -> {kind.__name__}: ..." for name, kind in RESULT_TYPES.items()
    ]
    texts = [
        f"def {name}({', '.join(f'{parameter}: str' for parameter in parameters)}) -> str: ..."
        for name, parameters in TEXT_TOOLS.items()
    ]
    return "\n".join((*classes, *typed, *texts)) + "\n"


def _class(kind: type[Any]) -> str:
    hints = get_type_hints(kind)
    lines = [f"    {field.name}: {_spelled(hints[field.name])}" for field in fields(kind)]
    return "\n".join((f"class {kind.__name__}:", *lines))


def _spelled(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return f"list[{_spelled(get_args(hint)[0])}]"
    if isinstance(hint, UnionType):
        return " | ".join(_spelled(part) for part in get_args(hint))
    return "None" if hint is NoneType else hint.__name__
