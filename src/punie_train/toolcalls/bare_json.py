"""JSON calls that stand in the text as they are."""

import re
from collections.abc import Iterator

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.meant_calls import is_meant_as_call
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_CANDIDATE = re.compile(r'\{(?=\s*"[^"\\\n]{1,200}"\s*:)|\[(?=\s*\{\s*")')


def read_bare(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the calls, and the broken calls of known tools, among the JSON of a text.

    An array that is cut off counts by its elements.
    """
    position = broken_until = 0
    while candidate := _CANDIDATE.search(text, position):
        start = candidate.start()
        is_array = text[start] == "["
        if is_array and start < broken_until:
            position = start + 1
            continue
        try:
            value, end = decode_at(text, start)
        except UnreadableJsonError as error:
            if is_array and error.position > start:
                position, broken_until = start + 1, error.position
                continue
            position = error.resume
            if is_meant_as_call(text, start, tools):
                line_end = text.find("\n", error.position)
                position = len(text) if line_end < 0 else line_end
                yield _malformed(text, start, position, error.reason, error.position)
            continue
        position = end
        match calls_in(value, tools):
            case NotACall(reason, True, calls):
                yield _malformed(text, start, end, reason, start, calls=calls)
            case NotACall():
                pass
            case calls:
                yield Reading(start=start, end=end, calls=_found(calls))


def _malformed(
    text: str,
    start: int,
    end: int,
    reason: str,
    position: int,
    *,
    calls: tuple[ToolCall, ...] = (),
) -> Reading:
    problem = MalformedCall(reason=reason, position=position, text=text[start:end])
    return Reading(start=start, end=end, calls=_found(calls), malformed=(problem,))


def _found(calls: tuple[ToolCall, ...]) -> tuple[FoundCall, ...]:
    return tuple(FoundCall(call=call, format=WireFormat.BARE_JSON, exact=False) for call in calls)
