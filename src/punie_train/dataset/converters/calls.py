"""Calls and tools in the spellings of public datasets, as OpenAI's form with real JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from punie_train.dataset.converters.conversion import UnconvertibleError
from punie_train.toolcalls.python_literals import UnreadablePythonError, literal_at


def decoded(value: Any, what: str) -> Any:
    """Return the value in a string of JSON or of a Python literal; other values as they are.

    Raises UnconvertibleError; `what` names the value in its text.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        pass
    try:
        found, end = literal_at(value.strip(), 0)
    except (UnreadablePythonError, RecursionError):
        found, end = None, -1
    if end != len(value.strip()):
        raise UnconvertibleError(f"{what} is neither JSON nor a Python literal")
    return found


def without_nulls(value: Any) -> Any:
    """Return the value of a typed column without its nulls: every absent key is one there.

    What stands in strings is left alone: a null in JSON was written by somebody.
    """
    match value:
        case dict():
            return {key: without_nulls(one) for key, one in value.items() if one is not None}
        case list():
            return [without_nulls(one) for one in value]
        case _:
            return value


def calls_in(message: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return name and arguments of the calls of a message, in any known spelling.

    Raises UnconvertibleError for a call without a name and for arguments that are no object.
    """
    if message.get("role") == "tool_call":
        value = decoded(message.get("content"), "a tool_call")
        return [_call(one) for one in (value if isinstance(value, list) else [value])]
    if many := message.get("tool_calls"):
        value = decoded(many, "tool_calls")
        if not isinstance(value, list):
            raise UnconvertibleError("tool_calls is no list")
        return [_call(one) for one in value]
    if one := message.get("function_call"):
        return [_call(decoded(one, "function_call"))]
    return []


def tools_in(value: Any) -> list[dict[str, Any]]:
    """Return the tools of a row in OpenAI's form; raises UnconvertibleError."""
    found = decoded(value, "tools")
    if not found:
        return []
    if not isinstance(found, list):
        raise UnconvertibleError("tools is no list")
    return list(_tools(found))


def _tools(entries: list[Any]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        tool = decoded(entry, "a tool")
        function = tool.get("function", tool) if isinstance(tool, Mapping) else None
        if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
            raise UnconvertibleError("a tool has no name")
        known = {
            key: function[key] for key in ("name", "description", "parameters") if key in function
        }
        yield {"type": "function", "function": known}


def _call(value: Any) -> tuple[str, dict[str, Any]]:
    function = value.get("function", value) if isinstance(value, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(name, str) or not name:
        raise UnconvertibleError("a call has no name")
    given = function.get("arguments", function.get("parameters"))
    arguments = {} if given in (None, "") else decoded(given, f"the arguments of {name[:60]!r}")
    if not isinstance(arguments, dict):
        raise UnconvertibleError(f"the arguments of {name[:60]!r} are no object")
    return name, arguments
