"""Calls in `<tool_call>` tags, and XML functions whose opening tag is missing."""

from collections.abc import Iterator

from punie_train.toolcalls.hermes_json import read_json_block
from punie_train.toolcalls.markup import Markup, Tag
from punie_train.toolcalls.qwen3_coder_xml import read_functions
from punie_train.toolcalls.reading import Reading, ToolsByName


def read_tagged(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the tagged calls of a text; a `<tool_call>` without a readable call is malformed."""
    markup = Markup(text)
    index = 0
    while index < len(markup.tags):
        tag = markup.tags[index]
        reading = None
        match tag.tag:
            case Tag.CALL if text.startswith(Tag.FUNCTION, tag.next_start):
                reading = read_functions(markup, tag.start, index + 1, tools)
            case Tag.CALL:
                reading = read_json_block(markup, tag.start, tag.next_start, tools)
            case Tag.FUNCTION:
                reading = read_functions(markup, tag.start, index, tools)
        if reading is None:
            index += 1
        else:
            yield reading
            index = max(index + 1, markup.index_from(reading.end))
