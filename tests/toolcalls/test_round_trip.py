"""A call rendered in the trained format reads back as the same call."""

import random

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.qwen3_coder_xml import render_xml

NASTY = [
    "",
    " ",
    "\n",
    "\n\n",
    "\nleading",
    "trailing\n",
    "\n\nboth\n\n",
    "tab\tand  spaces ",
    "</parameter> in a line",
    "x</parameter>y",
    "<parameter=path> in a line",
    "</function> in a line",
    "<tool_call> in a line",
    "</tool_call> in a line",
    "<b>markup</b> & &amp;",
    '{"name": "read_file", "arguments": {"path": "a"}}',
    '```json\n{"name": "read_file", "arguments": {"path": "a"}}\n```',
    "123",
    "true",
    "\N{SNOWMAN}\N{LINE SEPARATOR}\r\n\x00",
    "back\\slash \\n 'quotes' \"too\"",
]

AMBIGUOUS = ["a\n</parameter>\n</function>", "a\n</parameter>\n<parameter=content>\nb", "null"]


@pytest.mark.parametrize("value", [pytest.param(v, id=ascii(v)) for v in NASTY])
def test_nasty_values_come_back(value: str) -> None:
    """Every value comes back as it was, and the rendering counts as strict."""
    (call,) = parse(render_xml("write_file", {"path": "a", "content": value}), AGENT_TOOLS).calls
    assert call.call.arguments == {"path": "a", "content": value}
    assert call.strict


@pytest.mark.parametrize("value", AMBIGUOUS)
def test_ambiguous_values_do_not_come_back(value: str) -> None:
    """The format itself cannot tell these from its own markup; they are read as servers do."""
    (call,) = parse(render_xml("write_file", {"path": "a", "content": value}), AGENT_TOOLS).calls
    assert call.call.arguments != {"path": "a", "content": value}


def test_random_calls_come_back() -> None:
    """Two calls with random text between words come back in order."""
    chance = random.Random(7)
    alphabet = "ab \n\t<>/={}[]\"'\\`,:"
    for _ in range(300):
        values = ["".join(chance.choices(alphabet, k=chance.randrange(30))) for _ in range(2)]
        blocks = [render_xml("read_file", {"path": value}) for value in values]
        reply = parse("Now:\n" + "\n".join(blocks) + "\nDone.", AGENT_TOOLS)
        assert [item.call.arguments["path"] for item in reply.calls] == values
        assert reply.content.split() == ["Now:", "Done."]


HOSTILE = [
    "<tool_call>", "<function=", "<function=a>", "<parameter=a>", "</parameter>", "</parameter>  ",
    '<tool_call>{"a":', '<tool_call>["', '{"a":', '{"', "[[", "```", '{"\\', "{ ", '"{', '{"a":[',
    '```json\n{"name": "read_file", "arguments":', '{"name": "read_file",\n', '[{"a": NaN,',
    "<tool_call>\n<function=read_file>\n<parameter=path>\n", '{"name": "x", "arguments": {}}',
    '[{"a":' + "9" * 4400, "<tool_call>\n{}\n</tool_call>", "\ud800", '<tool_call>","<tool_call>[',
]  # fmt: skip


@pytest.mark.parametrize("unit", [pytest.param(u, id=ascii(u[:24])) for u in HOSTILE])
def test_hostile_text_is_read_to_the_end(unit: str) -> None:
    """A quarter of a megabyte of the same fragment is read without an error."""
    text = unit * (250_000 // len(unit))
    reply = parse(text, AGENT_TOOLS)
    assert len(reply.content) <= len(text)
