"""JSON calls in Markdown code fences, whatever language the fence names."""

import re
from collections.abc import Iterator

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.meant_calls import is_meant_as_call
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_OPENING = re.compile(r"```[ \t]*[\w+.-]{0,40}\s*")
_BETWEEN = re.compile(r"[\s,;]*")
_FENCE = "```"


def read_fenced(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield every fence of a text: its calls, its broken call, or an answer to be left alone."""
    position = 0
    while opening := _OPENING.search(text, position):
        reading = _read_fence(text, opening.start(), opening.end(), tools)
        yield reading
        position = reading.end


def _read_fence(text: str, start: int, position: int, tools: ToolsByName) -> Reading:
    found: list[FoundCall] = []
    inside, broken_until = position, 0
    while text.startswith(("{", "["), position):
        if position < broken_until and text[position] == "[":
            position += 1
            continue
        try:
            value, end = decode_at(text, position)
        except UnreadableJsonError as error:
            if not is_meant_as_call(text, position, tools):
                return Reading(start=start, end=_closing(text, inside))
            if text.startswith("[{", position) and error.position > position:
                position, broken_until = position + 1, error.position
                continue
            return _malformed(text, start, inside, error.reason, error.position, found=found)
        match calls_in(value, tools):
            case NotACall(reason, True, calls):
                found += _found(calls)
                return _malformed(text, start, inside, reason, position, found=found)
            case NotACall():
                return Reading(start=start, end=_closing(text, end))
            case calls:
                found += _found(calls)
        between = _BETWEEN.match(text, end)
        position = between.end() if between else end
    return Reading(start=start, end=_closing(text, position), calls=tuple(found))


def _found(calls: tuple[ToolCall, ...]) -> list[FoundCall]:
    return [FoundCall(call=call, format=WireFormat.FENCED_JSON, exact=False) for call in calls]


def _malformed(
    text: str, start: int, inside: int, reason: str, position: int, *, found: list[FoundCall]
) -> Reading:
    end = _closing(text, inside)
    problem = MalformedCall(reason=reason, position=position, text=text[start:end])
    return Reading(start=start, end=end, calls=tuple(found), malformed=(problem,))


def _closing(text: str, position: int) -> int:
    closing = text.find(_FENCE, position)
    return len(text) if closing < 0 else closing + len(_FENCE)
