"""Functions whose arguments are JSON: `<function=name>{...}</function>`."""

import re

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.markup import Markup, Tag
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.reading import FoundCall, Reading

_HEAD = re.compile(r"\s{0,20}([^<>\n{}]{1,200}?)\s{0,20}>\s{0,1000}(?=\{)")


def read_function_json(markup: Markup, start: int, index: int) -> Reading | None:
    """Read the functions from tag `index` of a block that begins at `start`; None for XML.

    The closing tags may be missing; broken JSON is malformed.
    """
    text = markup.text
    found: list[FoundCall] = []
    end = start
    while index < len(markup.tags) and markup.tags[index].tag is Tag.FUNCTION:
        opening = markup.tags[index]
        head = _HEAD.match(text, opening.end)
        if head is None:
            break
        try:
            arguments, end = decode_at(text, head.end())
        except UnreadableJsonError as error:
            end = _block_end(markup, index + 1)
            problem = MalformedCall(
                reason=f"the arguments of {head[1]} are broken: {error.reason}",
                position=error.position,
                text=text[opening.start : end],
            )
            return Reading(start=start, end=end, calls=tuple(found), malformed=(problem,))
        call = ToolCall(name=head[1], arguments=arguments)
        found.append(FoundCall(call=call, format=WireFormat.FUNCTION_JSON, exact=False))
        end = _after(markup, end, Tag.FUNCTION_END)
        index = markup.index_from(end)
        if index < len(markup.tags) and markup.tags[index].start != markup.after_space(end):
            break
    if not found:
        return None
    if text.startswith(Tag.CALL, start):
        end = _after(markup, end, Tag.CALL_END)
    return Reading(start=start, end=end, calls=tuple(found))


def _after(markup: Markup, position: int, tag: Tag) -> int:
    following = markup.after_space(position)
    return following + len(tag) if markup.text.startswith(tag, following) else position


def _block_end(markup: Markup, first: int) -> int:
    for index in range(first, len(markup.tags)):
        match markup.tags[index].tag:
            case Tag.FUNCTION_END | Tag.CALL_END:
                return markup.tags[index].end
            case Tag.FUNCTION | Tag.CALL:
                return markup.tags[index].start
    return len(markup.text)
