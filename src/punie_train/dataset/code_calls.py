"""Calls of tools as calls of `execute_code`, whose Python calls the tool and prints the result."""

import keyword
import re
from collections.abc import Iterable, Mapping
from typing import Any

from punie_train.core.agent_tools import TOOLS_BY_NAME
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.conversions import NotConvertedError
from punie_train.toolcalls.code_blocks import CODE_TOOL
from punie_train.toolcalls.typed_values import schema_types

_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
    "null": "None",
}


def code_call_of(call: ToolCall) -> ToolCall:
    """Return the call of `execute_code` that calls the same tool; one that is such a call stays.

    Raises NotConvertedError for a name that Python cannot say.
    """
    if call.name == CODE_TOOL:
        return call
    arguments = ", ".join(f"{_name(key)}={value!r}" for key, value in call.arguments.items())
    code = f"result = {_name(call.name)}({arguments})\nprint(result)"
    return ToolCall(name=CODE_TOOL, arguments={"code": code})


def code_tool(tools: Iterable[ToolSpec]) -> Mapping[str, Any]:
    """Return `execute_code` in OpenAI's form; its description declares the tools as functions."""
    own = TOOLS_BY_NAME[CODE_TOOL]
    others = list[ToolSpec]()
    for tool in tools:
        if tool.name == CODE_TOOL:
            own = tool
        else:
            others.append(tool)
    if not others:
        return own.to_openai()
    stubs = "\n\n".join(map(_stub, others))
    text = "\n\n".join(filter(None, (own.description, "Functions:", stubs)))
    return ToolSpec(name=CODE_TOOL, description=text, parameters=own.parameters).to_openai()


def _stub(tool: ToolSpec) -> str:
    properties = tool.parameters.get("properties") or {}
    needed = [name for name in properties if name in tool.required]
    optional = [name for name in properties if name not in tool.required]
    parameters = [f"{_name(name)}: {_type(properties[name])}" for name in needed]
    parameters += [f"{_name(name)}: {_type(properties[name])} = ..." for name in optional]
    lines = [tool.description.strip()] if tool.description.strip() else []
    lines += [
        f"{name}: {described}"
        for name in (*needed, *optional)
        if (described := str(_description(properties[name])).strip())
    ]
    text = "\n".join(lines).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    body = "\n".join(f"    {line}" if line else "" for line in f'"""{text}"""'.split("\n"))
    return f"def {_name(tool.name)}({', '.join(parameters)}):\n{body if lines else '    ...'}"


def _description(schema: Any) -> Any:
    return schema.get("description") or "" if isinstance(schema, Mapping) else ""


def _type(schema: Any) -> str:
    if not isinstance(schema, Mapping):
        return "Any"
    if isinstance(values := schema.get("enum"), list) and values:
        return f"Literal[{', '.join(map(repr, values))}]"
    known = sorted(_TYPES[kind] for kind in schema_types(schema) if kind in _TYPES)
    return " | ".join(known) or "Any"


def _name(name: str) -> str:
    if not re.fullmatch(r"[^\W\d]\w{0,199}", name) or keyword.iskeyword(name):
        raise NotConvertedError(f"{name[:60]!r} cannot be a name in Python")
    return name
