"""Calls in `<tool_call>` tags, and XML functions whose opening tag is missing."""

from collections.abc import Iterator

from punie_train.toolcalls.call_sequence import begins_as_python, read_sequence
from punie_train.toolcalls.code_blocks import code_call
from punie_train.toolcalls.fence_marks import with_fence_marks
from punie_train.toolcalls.function_json import read_function_json
from punie_train.toolcalls.hermes_json import block_end, read_json_block
from punie_train.toolcalls.markup import Markup, Tag, TagAt
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.qwen3_coder_xml import read_functions
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

_NEVER_PYTHON = ("{", "<", '["', "[{")


def read_tagged(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the tagged calls of a text; a `<tool_call>` without a readable call is malformed."""
    return with_fence_marks(text, _read_calls(text, tools))


def _read_calls(text: str, tools: ToolsByName) -> Iterator[Reading]:
    markup = Markup(text)
    index = 0
    while index < len(markup.tags):
        tag = markup.tags[index]
        reading = None
        match tag.tag:
            case Tag.CALL if text.startswith(Tag.FUNCTION, tag.next_start):
                reading = _read_functions(markup, tag.start, index + 1, tools)
            case Tag.CALL:
                if not text.startswith(_NEVER_PYTHON, tag.next_start):
                    reading = _read_python(markup, index, tools)
                reading = reading or read_json_block(markup, tag.start, tag.next_start, tools)
            case Tag.FUNCTION:
                reading = _read_functions(markup, tag.start, index, tools)
        if reading is None:
            index += 1
        else:
            yield reading
            index = max(index + 1, markup.index_from(reading.end))


def _read_functions(markup: Markup, start: int, index: int, tools: ToolsByName) -> Reading | None:
    return read_function_json(markup, start, index) or read_functions(markup, start, index, tools)


def _read_python(markup: Markup, index: int, tools: ToolsByName) -> Reading | None:
    """Read a block of calls written as Python, or of code, up to its closing tag."""
    text, tag = markup.text, markup.tags[index]
    if not begins_as_python(text, tag.next_start):
        return _read_code(markup, index, tag, tools)
    row = read_sequence(text, tag.next_start, tools, json_format=WireFormat.HERMES_JSON)
    pythonic = bool(row.calls) and all(
        call.format in (WireFormat.PYTHONIC, WireFormat.BRACKET_JSON) for call in row.calls
    )
    following = markup.after_space(row.end)
    closed = text.startswith(Tag.CALL_END, following)
    ends = closed or following >= len(text) or text.startswith(Tag.CALL, following)
    if pythonic and ends and not row.problem and _are_tools(row.calls, tools):
        end = following + len(Tag.CALL_END) if closed else following
        return Reading(start=tag.start, end=end, calls=row.calls)
    if code := _read_code(markup, index, tag, tools):
        return code
    end = block_end(markup, tag.start)
    problem = MalformedCall(
        reason=row.problem or "text after the call",
        position=max(row.position, row.end),
        text=text[tag.start : end],
    )
    return Reading(start=tag.start, end=end, malformed=(problem,))


def _are_tools(calls: tuple[FoundCall, ...], tools: ToolsByName) -> bool:
    """Return whether calls in Python are calls of tools, and not code for `execute_code`."""
    as_code = "execute_code" in tools
    return not as_code or all(call.call.name in tools for call in calls)


def _read_code(markup: Markup, index: int, tag: TagAt, tools: ToolsByName) -> Reading | None:
    following = markup.tags[index + 1] if index + 1 < len(markup.tags) else None
    if following and following.tag is not Tag.CALL_END:
        return None
    end = following.start if following else len(markup.text)
    call = code_call(markup.text[tag.end : end], tools)
    if call is None:
        return None
    found = FoundCall(call=call, format=WireFormat.BARE_CODE, exact=False)
    end = following.end if following else end
    return Reading(start=tag.start, end=end, calls=(found,))
