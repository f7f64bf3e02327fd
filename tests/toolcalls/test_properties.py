"""What holds for any text and any call."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.qwen3_coder_xml import render_xml

Arguments = dict[str, Any]

TOOL = ToolSpec(
    name="look_up",
    description="",
    parameters={
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("text", "other")},
    },
)
TOOLS = (*AGENT_TOOLS, TOOL)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FRAGMENTS = st.sampled_from(
    [
        "<tool_call>", "</tool_call>", "<function=", "<function=look_up>", "</function>", ">",
        "<parameter=text>", "</parameter>", "```", "```json\n", "{", "}", "[", "]", "(", ")", '"',
        "'", "\\", ",", ";", ":", "=", "\n", " ", '{"name": "look_up", "arguments": {"text": ',
        "[look_up(text=", "[TOOL_CALLS]", "[ARGS]", "[Calling tool: ", "<tools>", "</tools>",
        "<|python_start|>", "<|python_end|>", "<think>", "</think>", "null", "1e999", "\\u",
        "\\ud800", "0x", "'''", "print(1)", "\N{LINE SEPARATOR}", "\x00", "\ud800",
    ]
)  # fmt: skip
HOSTILE = st.lists(FRAGMENTS | st.text(max_size=8), max_size=40).map("".join)

MARKUP = re.compile(r"</?(?:parameter|function|tool_call|think)")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda text: not MARKUP.search(text)  # tags win, as in servers, also over text in JSON
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,10}", fullmatch=True)
JSON_ARGUMENTS = st.dictionaries(NAMES, VALUES, max_size=4)
XML_ARGUMENTS = st.dictionaries(
    st.sampled_from(["text", "other"]),
    TEXTS.filter(lambda text: text.strip().lower() != "null"),
    max_size=2,
)


def _json(arguments: Arguments) -> str:
    return json.dumps({"name": TOOL.name, "arguments": arguments}, ensure_ascii=False)


def _python(arguments: Arguments) -> str:
    return f"{TOOL.name}({', '.join(f'{key}={value!r}' for key, value in arguments.items())})"


def _dumped(arguments: Arguments) -> str:
    return json.dumps(arguments)


RENDERERS: dict[str, Callable[[Arguments], str]] = {
    "hermes": lambda it: f"<tool_call>\n{_json(it)}\n</tool_call>",
    "hermes-array": lambda it: f"<tool_call>[{_json(it)}]</tool_call>",
    "hermes-parameters": lambda it: _json(it).replace('"arguments"', '"parameters"', 1),
    "fence": lambda it: f"```json\n{_json(it)}\n```",
    "plain-fence": lambda it: f"```\n{_json(it)}\n```",
    "xml-fence": lambda it: f"```xml\n<tool_call>{_json(it)}</tool_call>\n```",
    "bare": _json,
    "bare-array": lambda it: f"[{_json(it)}]",
    "tools-tag": lambda it: f"<tools>\n{_json(it)}\n</tools>",
    "function-json": lambda it: f"<function={TOOL.name}>{_dumped(it)}</function>",
    "mistral": lambda it: f"[TOOL_CALLS][{_json(it)}]",
    "mistral-name": lambda it: f"[TOOL_CALLS]{TOOL.name}{_dumped(it)}",
    "mistral-args": lambda it: f"[TOOL_CALLS]{TOOL.name}[ARGS]{_dumped(it)}",
    "pythonic": lambda it: f"[{_python(it)}]",
    "pythonic-tag": lambda it: f"<|python_start|>[{_python(it)}]<|python_end|>",
    "pythonic-lines": lambda it: f"<function_calls>\n{_python(it)}\n</function_calls>",
    "pythonic-tool-call": lambda it: f"<tool_call>[{_python(it)}]</tool_call>",
}


@RELAXED
@given(HOSTILE)
def test_any_text_is_read(text: str) -> None:
    """No exception; what is reported lies inside of the text."""
    for tools in (TOOLS, ()):
        reply = parse(text, tools)
        assert len(reply.content) <= len(text)
        for problem in reply.malformed:
            assert problem.text in text
            assert 0 <= problem.position <= len(text)


@RELAXED
@given(HOSTILE)
def test_reading_twice_gives_the_same(text: str) -> None:
    """The answer depends on nothing but text and tools."""
    assert parse(text, TOOLS) == parse(text, TOOLS)


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
@RELAXED
@given(arguments=JSON_ARGUMENTS)
def test_rendered_calls_come_back(render: Callable[[Arguments], str], arguments: Arguments) -> None:
    """Name and arguments are the same, by value and type."""
    reply = parse(render(arguments), TOOLS)
    (found,) = reply.calls
    assert found.call.name == TOOL.name
    assert repr(found.call.arguments) == repr(arguments)
    assert (reply.malformed, found.known) == ((), True)


@RELAXED
@given(XML_ARGUMENTS)
def test_rendered_xml_comes_back_as_strict(arguments: dict[str, str]) -> None:
    """Texts come back as they are, whatever is in them but the format's own markup."""
    (found,) = parse(render_xml(TOOL.name, arguments), TOOLS).calls
    assert (found.call.arguments, found.strict) == (arguments, True)


AROUND = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="<>[]{}`"), max_size=30
)


@pytest.mark.parametrize("render", RENDERERS.values(), ids=RENDERERS)
@RELAXED
@given(arguments=JSON_ARGUMENTS, before=AROUND, after=AROUND)
def test_text_around_calls_changes_nothing(
    render: Callable[[Arguments], str], arguments: Arguments, before: str, after: str
) -> None:
    """The same calls in the same format, and the text is kept."""
    call = render(arguments)
    alone, framed = parse(call, TOOLS), parse(f"{before}\n{call}\n{after}", TOOLS)
    assert framed.calls == alone.calls
    assert framed.content.split() == f"{before}\n{alone.content}\n{after}".split()


@RELAXED
@given(st.lists(JSON_ARGUMENTS, min_size=2, max_size=4), st.data())
def test_several_calls_come_back_in_order(rows: list[Arguments], data: st.DataObject) -> None:
    """Calls in different formats one after another."""
    renderers = [data.draw(st.sampled_from(sorted(RENDERERS))) for _ in rows]
    text = "\nThen\n".join(RENDERERS[name](row) for name, row in zip(renderers, rows, strict=True))
    found = [repr(item.call.arguments) for item in parse(text, TOOLS).calls]
    assert found == [repr(row) for row in rows]
