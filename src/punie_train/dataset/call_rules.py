"""Rules of tool calls: their form, their tools, their arguments."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from punie_train.dataset import rules
from punie_train.dataset.content_rules import decoded, token_faults
from punie_train.dataset.json_lines import (
    Unreadable,
    UnreadableLineError,
    kind_of,
    parse_line,
    to_line,
)
from punie_train.dataset.json_schemas import ArgumentFault
from punie_train.dataset.rules import Fault, Rule
from punie_train.dataset.tool_definitions import ToolDefinition
from punie_train.dataset.tool_sets import ToolSet
from punie_train.dataset.unique_keys import repeated_key

_OF_ARGUMENTS: Mapping[ArgumentFault, Rule] = {
    ArgumentFault.MISFIT: rules.ARGUMENT_MISFIT,
    ArgumentFault.OUTSIDE: rules.ARGUMENT_OUTSIDE,
    ArgumentFault.ENCODED: rules.DOUBLE_ENCODED,
}


def tools_faults(tools: ToolSet) -> Iterator[Fault]:
    """Yield what is wrong with the value of `tools`; null is no fault."""
    value = tools.value
    if value is None or tools.sound:
        return
    if isinstance(value, str) and isinstance(decoded(value), list):
        yield Fault(rules.DOUBLE_ENCODED, "`tools` is a list inside a JSON string")
        return
    if not isinstance(value, list):
        yield Fault(rules.TOOLS_NOT_LIST, f"`tools` is a JSON {kind_of(value)}")
        return
    seen: set[str] = set()
    for position, tool in enumerate(tools.definitions, start=1):
        if tool.fault:
            name = f" ({tool.name[:60]!r})" if tool.name else ""
            yield Fault(rules.BAD_TOOL, f"tool {position}{name}: {tool.fault}")
        if tool.name is not None and tool.name in seen:
            yield Fault(rules.DUPLICATE_TOOL, f"tool {position}: {tool.name[:60]!r} stands twice")
        seen.add(tool.name or "")


def calls_of(message: Mapping[str, Any]) -> Sequence[Any]:
    """Return the calls of a message, sound or not; () where there is no list of them."""
    calls = message.get("tool_calls")
    return calls if isinstance(calls, list) else ()


def call_function(call: Any) -> Mapping[str, Any] | None:
    """Return name and arguments of a call in OpenAI's form or without its wrapper, or None."""
    function = call.get("function", call) if isinstance(call, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    return function if isinstance(name, str) and name else None


def call_faults(message: Mapping[str, Any], where: str, tools: ToolSet) -> Iterator[Fault]:
    """Yield what is wrong with the calls of a message, apart from their results."""
    calls = message.get("tool_calls")
    if calls is None:
        return
    if not isinstance(calls, list):
        rule = rules.CALLS_NOT_LIST
        if isinstance(calls, str) and isinstance(decoded(calls), list):
            rule = rules.DOUBLE_ENCODED
        yield Fault(rule, f"{where}: `tool_calls` is a JSON {kind_of(calls)}")
        return
    if calls and message.get("role") != "assistant":
        fact = f"{where} of the role {str(message.get('role'))[:40]!r} calls tools"
        yield Fault(rules.CALLS_OF_OTHERS, fact)
    for call in calls:
        function = call_function(call)
        if function is None:
            yield Fault(rules.MALFORMED_CALL, f"{where} has a call without a name")
            continue
        if call.get("type", "function") not in ("function", None):
            fact = f"{where} has a call of the type {str(call['type'])[:40]!r}"
            yield Fault(rules.MALFORMED_CALL, fact)
        if not isinstance(call.get("id", ""), str | None):
            yield Fault(rules.MALFORMED_CALL, f"{where} has a call whose id is no string")
        name = function["name"]
        tool = tools.by_name.get(name)
        if tool is None and isinstance(tools.value, list) and tools.value:
            fact = f"{where} calls {name[:60]!r}, which is not in `tools`"
            yield Fault(rules.UNKNOWN_TOOL, fact)
        yield from _argument_faults(function, f"{where}, call of {name[:60]!r}", tool)


def _argument_faults(
    function: Mapping[str, Any], where: str, tool: ToolDefinition | None
) -> Iterator[Fault]:
    arguments = function.get("arguments")
    if "arguments" not in function:
        yield Fault(rules.ARGUMENTS_NOT_OBJECT, f"{where}: no arguments")
        return
    if isinstance(arguments, str):
        fault, arguments = _text_arguments(arguments, where)
        yield fault
        if arguments is None:
            return
    elif not isinstance(arguments, dict):
        yield Fault(
            rules.ARGUMENTS_NOT_OBJECT, f"{where}: the arguments are a JSON {kind_of(arguments)}"
        )
        return
    yield from token_faults(to_line(arguments).decode(), where)
    for misfit in tool.misfits(arguments) if tool else ():
        yield Fault(_OF_ARGUMENTS[misfit.kind], f"{where}: {misfit.fact}")


def _text_arguments(text: str, where: str) -> tuple[Fault, dict[str, Any] | None]:
    """Return what to say of arguments that are a string, and the object in it if there is one."""
    raw = text.encode()
    try:
        arguments = parse_line(raw)
    except UnreadableLineError as error:
        if isinstance(decoded(text), str):
            return Fault(rules.DOUBLE_ENCODED, f"{where}: the arguments are encoded twice"), None
        if error.kind in (Unreadable.NON_FINITE, Unreadable.LONE_SURROGATE):
            return Fault(rules.UNREADABLE[error.kind], f"{where}: {error.fact}"), None
        fact = f"{where}: the arguments are a string that holds no object"
        return Fault(rules.ARGUMENTS_NOT_OBJECT, fact), None
    if (key := repeated_key(raw)) is not None:
        return Fault(rules.DUPLICATE_KEY, f"{where}: {key[:60]!r} stands twice"), arguments
    return Fault(rules.ARGUMENTS_AS_TEXT, f"{where}: the arguments are a JSON string"), arguments
