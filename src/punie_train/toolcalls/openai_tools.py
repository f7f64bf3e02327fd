"""Tools as OpenAI's chat API writes them."""

from collections.abc import Mapping
from typing import Any

from punie_train.core.tool_specs import ToolSpec


class UnreadableToolsError(ValueError):
    """A value that is no list of tools; the message says which entry is wrong, and why."""


def tools_from_openai(value: Any) -> tuple[ToolSpec, ...]:
    """Return the tools of a JSON value: null, a list, or an object with a `tools` list.

    An entry is `{"type": "function", "function": {...}}` or the function itself. Raises
    `UnreadableToolsError`.
    """
    if isinstance(value, Mapping) and "tools" in value:
        value = value["tools"]
    if value is None:
        return ()
    if not isinstance(value, list):
        raise UnreadableToolsError("'tools' is not a list")
    return tuple(_tool(entry, number) for number, entry in enumerate(value, start=1))


def _tool(entry: Any, number: int) -> ToolSpec:
    function = entry.get("function", entry) if isinstance(entry, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    if function is None or not isinstance(name, str) or not name:
        raise UnreadableToolsError(f"tool {number} has no function with a name")
    parameters = function.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise UnreadableToolsError(f"the parameters of {name} are not an object schema")
    properties = parameters.get("properties")
    required = parameters.get("required")
    if not isinstance(properties or {}, Mapping) or not isinstance(required or [], list):
        raise UnreadableToolsError(f"the parameters of {name} are not an object schema")
    schema = dict(parameters) | {"properties": properties or {}, "required": required or []}
    return ToolSpec(
        name=name, description=str(function.get("description") or ""), parameters=schema
    )
