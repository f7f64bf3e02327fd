"""Mistral's `[TOOL_CALLS]`: a JSON array, or `name{...}`, also with `[CALL_ID]` and `[ARGS]`."""

import re
from collections.abc import Iterator

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.python_literals import after_space
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_MARK = "[TOOL_CALLS]"
_NAMED = re.compile(
    r"\s{0,20}([^\W\d][\w.-]{0,200})\s{0,20}(?:\[CALL_ID\]\w{0,60}\s{0,20})?"
    r"(?:\[ARGS\]\s{0,20})?(?=\{)"
)
_JSON = re.compile(r"\s{0,1000}(?=[\[{])")
_END = re.compile(r"\s{0,1000}\[/TOOL_CALLS\]")


def read_mistral(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the calls after each mark; a mark that nothing like a call follows is text."""
    position = 0
    while (start := text.find(_MARK, position)) >= 0:
        position = start + len(_MARK)
        if reading := _read(text, start, position, tools):
            yield reading
            position = max(position, reading.end)


def _read(text: str, start: int, position: int, tools: ToolsByName) -> Reading | None:
    calls: list[ToolCall] = []
    inside = position
    try:
        while (named := _NAMED.match(text, position)) and (not calls or named.start(1) == position):
            arguments, position = decode_at(text, named.end())
            calls.append(ToolCall(name=named[1], arguments=arguments))
        if not calls:
            begin = _JSON.match(text, position)
            if begin is None:
                return None
            value, position = decode_at(text, begin.end())
            match calls_in(value, tools):
                case NotACall(reason, _, readable):
                    return _reading(
                        text, start, position, [*readable], reason=reason, position=begin.end()
                    )
                case found:
                    calls += found
    except UnreadableJsonError as error:
        if not calls and (elements := _elements(text, inside, tools)):
            calls, position = elements
            return _reading(text, start, position, calls)
        end = _broken_end(text, error)
        return _reading(text, start, end, calls, reason=error.reason, position=error.position)
    if closing := _END.match(text, position):
        position = closing.end()
    return _reading(text, start, position, calls)


def _elements(text: str, position: int, tools: ToolsByName) -> tuple[list[ToolCall], int] | None:
    """Return the readable calls at the start of an array that is cut off, and where they end."""
    if not text.startswith("[", position := after_space(text, position)):
        return None
    calls: list[ToolCall] = []
    end = position
    position = after_space(text, position + 1)
    while text.startswith("{", position):
        try:
            value, end = decode_at(text, position)
        except UnreadableJsonError:
            return None
        found = calls_in(value, tools)
        if isinstance(found, NotACall):
            return None
        calls += found
        position = after_space(text, end)
        if text.startswith(",", position):
            position = after_space(text, position + 1)
    return (calls, end) if calls and position >= len(text) else None


def _broken_end(text: str, error: UnreadableJsonError) -> int:
    line_end = text.find("\n", error.position)
    return len(text) if line_end < 0 else line_end


def _reading(
    text: str,
    start: int,
    end: int,
    calls: list[ToolCall],
    *,
    reason: str = "",
    position: int = 0,
) -> Reading:
    problem = MalformedCall(reason=reason, position=position, text=text[start:end])
    return Reading(
        start=start,
        end=end,
        calls=tuple(FoundCall(call=call, format=WireFormat.MISTRAL, exact=False) for call in calls),
        malformed=(problem,) if reason else (),
    )
