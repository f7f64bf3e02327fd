"""Decide whether a JSON value is a call, several calls, or something else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.reading import ToolsByName

_ARGUMENT_KEYS = ("arguments", "parameters")


@dataclass(frozen=True, slots=True)
class NotACall:
    """Why a JSON value is not a readable call; `meant` says that it was meant as one.

    `calls` are the readable elements of an array in which others are not.
    """

    reason: str
    meant: bool
    calls: tuple[ToolCall, ...] = ()


def calls_in(value: Any, tools: ToolsByName) -> tuple[ToolCall, ...] | NotACall:
    """Return the calls that a JSON value holds.

    A call is an object with `name` and `arguments` (or `parameters` that are no schema), also
    inside OpenAI's `function`, `tool_call` and `tool_calls` wrappers; an array counts when every
    element is a call. An object that merely has a `name`, such as the description of a tool, is
    not a call.
    """
    match value:
        case {"tool_calls": list() as inner} if len(value) == 1:
            value = inner
    if not isinstance(value, list):
        found = _call(value, tools)
        return found if isinstance(found, NotACall) else (found,)
    calls: list[ToolCall] = []
    problems: list[NotACall] = []
    for item in value:
        match _call(item, tools):
            case NotACall() as problem:
                problems.append(problem)
            case call:
                calls.append(call)
    if problems or not calls:
        meant = bool(calls) or any(problem.meant for problem in problems)
        reason = problems[0].reason if problems else "the array is empty"
        return NotACall(reason, meant, tuple(calls))
    return tuple(calls)


def _call(value: Any, tools: ToolsByName) -> ToolCall | NotACall:
    match value:
        case {"function": {"name": str()} as inner}:
            value = inner
        case {"tool_call": {"name": str()} as inner} | {"function_call": {"name": str()} as inner}:
            value = inner
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or not name:
        return NotACall("not an object with the name of a tool", meant=False)
    known = name in tools
    key = next((key for key in _ARGUMENT_KEYS if value.get(key) is not None), None)
    if key == "parameters" and _is_tool_description(value):
        return NotACall("the object describes a tool", meant=False)
    if key is None:
        bare_name = known and not value.keys() - {"name", "type", "id", *_ARGUMENT_KEYS}
        if not bare_name or tools[name].required:
            return NotACall(f"the call of {name} has no arguments", meant=bare_name)
        return ToolCall(name=name, arguments={})
    arguments = _arguments(value[key])
    if arguments is None:
        return NotACall(f"the arguments of {name} are not an object", meant=known)
    return ToolCall(name=name, arguments=arguments)


def _is_tool_description(value: Mapping[str, Any]) -> bool:
    schema = value["parameters"]
    return "description" in value or (
        isinstance(schema, Mapping) and ("properties" in schema or schema.get("type") == "object")
    )


def _arguments(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, str):
        try:
            value, _ = decode_at(value.strip(), 0)
        except UnreadableJsonError:
            return None
    return value if isinstance(value, dict) else None
