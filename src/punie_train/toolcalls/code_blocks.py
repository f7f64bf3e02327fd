"""Python that stands in `<tool_call>` as it is: code mode without its wrapper."""

import ast
import warnings

from punie_train.core.agent_tools import TYPED_RESULTS
from punie_train.core.messages import ToolCall
from punie_train.toolcalls.reading import ToolsByName

CODE_TOOL = "execute_code"
_LONGEST = 20_000


def code_call(block: str, tools: ToolsByName) -> ToolCall | None:
    """Return the call of `execute_code` that a block of Python stands for, or None.

    The block must compile and call something: a tool, a typed tool, or anything at all where
    `execute_code` is offered.
    """
    code = block.strip("\n")
    if "(" not in code or len(code) > _LONGEST:
        return None
    names = _called(code)
    meant = bool(names) and (
        CODE_TOOL in tools or any(name in tools or name in TYPED_RESULTS for name in names)
    )
    return ToolCall(name=CODE_TOOL, arguments={"code": code}) if meant else None


def _called(code: str) -> set[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
            nodes = list(ast.walk(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
