"""Rows of which every call is written in another format; rows without calls stay as they are."""

from collections.abc import Callable, Mapping
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.call_rules import call_function, calls_of
from punie_train.dataset.chatml import START
from punie_train.dataset.chatml_rows import exact_turns
from punie_train.dataset.code_calls import code_call_of, code_tool
from punie_train.dataset.content_rules import decoded
from punie_train.dataset.conversions import NotConvertedError, with_value
from punie_train.dataset.written_calls import known_tools, rewritten
from punie_train.toolcalls.code_blocks import CODE_TOOL

TextConversion = Callable[[str], str]


def to_format_a(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row with every call in a text as Qwen3-Coder's XML, which is format A.

    Bare Python in `<tool_call>` (format B) becomes a call of `execute_code`, JSON a call of its
    tool. Calls in `tool_calls` stay: the chat template writes them.
    """
    tools = known_tools(row)
    return _with_texts(row, lambda text: rewritten(text, tools, _same))


def to_code_mode(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row with every call as a call of `execute_code`, in texts and in `tool_calls`.

    `tools` become one tool whose description declares them as functions. Results keep their
    place and their ids.
    """
    tools = known_tools(row)
    new = _with_texts(row, lambda text: rewritten(text, tools, code_call_of))
    if isinstance(new.get("messages"), list):
        messages = [_in_code(message) for message in new["messages"]]
        if messages != new["messages"]:
            new = with_value(new, "messages", messages)
    offered = _offered(row, tools)
    if any(tool.name != CODE_TOOL for tool in offered):
        new = with_value(new, "tools", [code_tool(offered)])
    return new


def _with_texts(row: Mapping[str, Any], convert: TextConversion) -> Mapping[str, Any]:
    match row:
        case {"messages": list(messages)}:
            new = [_with_content(message, convert) for message in messages]
            return row if new == messages else with_value(row, "messages", new)
        case {"prompt": str(), "completion": str(text)}:
            return row if (new := convert(text)) == text else with_value(row, "completion", new)
        case {"text": str(text)}:
            if START not in text:
                if convert(text) != text:
                    raise NotConvertedError("the text has calls, and no ChatML turns")
                return row
            new = _turns(text, convert)
            return row if new == text else with_value(row, "text", new)
    raise NotConvertedError(f"the row has the keys {', '.join(sorted(row))[:80]}")


def _turns(text: str, convert: TextConversion) -> str:
    pieces: list[str] = []
    for turn in exact_turns(text):
        if turn[1] == "assistant":
            head = text[turn.start() : turn.start(2)]
            pieces += [head, convert(turn[2]), text[turn.end(2) : turn.end()]]
        else:
            pieces.append(turn[0])
    return "".join(pieces)


def _with_content(message: Any, convert: TextConversion) -> Any:
    match message:
        case {"role": "assistant", "content": str(text)}:
            return message if (new := convert(text)) == text else {**message, "content": new}
        case {"role": "assistant", "content": list(parts)}:
            if any(
                isinstance(part, Mapping)
                and isinstance(text := part.get("text"), str)
                and convert(text) != text
                for part in parts
            ):
                raise NotConvertedError("calls are written in parts of a message")
    return message


def _in_code(message: Any) -> Any:
    if not isinstance(message, Mapping):
        return message
    if message.get("role") == "tool" and isinstance(message.get("name"), str):
        return {**message, "name": CODE_TOOL}
    calls = calls_of(message)
    return {**message, "tool_calls": [_call_in_code(call) for call in calls]} if calls else message


def _call_in_code(call: Any) -> dict[str, Any]:
    function = call_function(call)
    arguments = function.get("arguments", {}) if function else None
    if isinstance(arguments, str):
        arguments = decoded(arguments)
    if function is None or not isinstance(arguments, dict):
        raise NotConvertedError("a call has no name, or no object of arguments")
    if function["name"] == CODE_TOOL:
        return call
    new = code_call_of(ToolCall(name=function["name"], arguments=arguments))
    named = {**function, "name": new.name, "arguments": dict(new.arguments)}
    return {**call, "function": named} if "function" in call else named


def _offered(row: Mapping[str, Any], tools: Mapping[str, ToolSpec]) -> list[ToolSpec]:
    value = row.get("tools")
    entries = value if isinstance(value, list) else ()
    return [tools[function["name"]] for one in entries if (function := call_function(one))]


def _same(call: ToolCall) -> ToolCall:
    return call
