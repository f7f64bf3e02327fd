"""JSON calls that stand in the text as they are."""

import re
from collections.abc import Iterator

from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.meant_calls import is_meant_as_call
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_CANDIDATE = re.compile(r'\{(?=\s*"[^"\\\n]{1,200}"\s*:)|\[(?=\s*\{\s*")')


def read_bare(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the calls, and the broken calls of known tools, among the JSON of a text."""
    position = 0
    while candidate := _CANDIDATE.search(text, position):
        start = candidate.start()
        try:
            value, end = decode_at(text, start)
        except UnreadableJsonError as error:
            position = error.resume
            if is_meant_as_call(text, start, tools):
                line_end = text.find("\n", error.position)
                position = len(text) if line_end < 0 else line_end
                yield _malformed(text, start, position, error.reason, error.position)
            continue
        position = end
        match calls_in(value, tools):
            case NotACall(reason, True):
                yield _malformed(text, start, end, reason, start)
            case NotACall():
                pass
            case calls:
                yield Reading(
                    start=start,
                    end=end,
                    calls=tuple(
                        FoundCall(call=call, format=WireFormat.BARE_JSON, exact=False)
                        for call in calls
                    ),
                )


def _malformed(text: str, start: int, end: int, reason: str, position: int) -> Reading:
    problem = MalformedCall(reason=reason, position=position, text=text[start:end])
    return Reading(start=start, end=end, malformed=(problem,))
