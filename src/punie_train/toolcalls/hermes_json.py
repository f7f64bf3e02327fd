"""The JSON of Hermes and Qwen2.5: `{"name": ..., "arguments": ...}` in `<tool_call>` tags."""

import re

from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.markup import Markup, Tag
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_JSON_START = re.compile(r"[\[{]")
_BETWEEN = re.compile(r"[\s,;]*")


def read_json_block(markup: Markup, start: int, position: int, tools: ToolsByName) -> Reading:
    """Read the block that begins at `start`, whose JSON begins at `position`.

    Several JSON values in one block are several calls.
    """
    text = markup.text
    found: list[FoundCall] = []
    broken_until = 0
    while _JSON_START.match(text, position):
        if position < broken_until and text[position] == "[":
            position += 1
            continue
        try:
            value, end = decode_at(text, position)
        except UnreadableJsonError as error:
            if text[position] == "[" and error.position > position + 1:
                position, broken_until = position + 1, error.position
                continue
            return _malformed(markup, start, error.position, error.reason, found)
        match calls_in(value, tools):
            case NotACall(reason, _, calls):
                found += [
                    FoundCall(call=call, format=WireFormat.HERMES_JSON, exact=False)
                    for call in calls
                ]
                return _malformed(markup, start, position, reason, found)
            case calls:
                exact = text[start:position] == f"{Tag.CALL}\n" and text.startswith(
                    f"\n{Tag.CALL_END}", end
                )
                found += [
                    FoundCall(call=call, format=WireFormat.HERMES_JSON, exact=exact)
                    for call in calls
                ]
        between = _BETWEEN.match(text, end)
        position = between.end() if between else end
    if not found:
        return _malformed(markup, start, position, "the block holds no call", found)
    if text.startswith(Tag.CALL_END, position):
        return Reading(start=start, end=position + len(Tag.CALL_END), calls=tuple(found))
    if position >= len(text) or text.startswith(Tag.CALL, position):
        loose = tuple(FoundCall(call=item.call, format=item.format, exact=False) for item in found)
        return Reading(start=start, end=position, calls=loose)
    return _malformed(markup, start, position, "text after the JSON of the call", found)


def _malformed(
    markup: Markup, start: int, position: int, reason: str, found: list[FoundCall]
) -> Reading:
    end = block_end(markup, start)
    problem = MalformedCall(reason=reason, position=position, text=markup.text[start:end])
    return Reading(start=start, end=end, calls=tuple(found), malformed=(problem,))


def block_end(markup: Markup, start: int) -> int:
    """Return where a block that cannot be read ends: at its closing tag or before the next call."""
    for index in range(markup.index_from(start + 1), len(markup.tags)):
        match markup.tags[index].tag:
            case Tag.CALL_END:
                return markup.tags[index].end
            case Tag.CALL:
                return markup.tags[index].start
    return len(markup.text)
