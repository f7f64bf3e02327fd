"""The decisions of docs/toolcalls.md, one test each."""

from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.qwen3_coder_xml import render_xml

TOOL = ToolSpec(
    name="book",
    description="",
    parameters={
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "nights": {"type": "integer"},
            "late": {"type": "boolean"},
            "rooms": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "extra": {"type": ["string", "number", "boolean"]},
            "untyped": {"description": "Anything."},
        },
        "required": ["city"],
    },
)
PING = ToolSpec(name="ping", description="", parameters={"type": "object", "properties": {}})
TOOLS = (TOOL, PING)


def _xml(name: str = "book", **values: str) -> dict[str, Any]:
    (found,) = parse(render_xml(name, values), TOOLS).calls
    return dict(found.call.arguments)


def _names(text: str) -> list[str]:
    return [found.call.name for found in parse(text, TOOLS).calls]


def test_null_for_a_string_is_null_in_xml_only() -> None:
    """JSON and Python can tell the word from the value."""
    assert _xml(city="null") == _xml(city="NULL") == {"city": None}
    (json_call,) = parse('{"name": "book", "arguments": {"city": "null"}}', TOOLS).calls
    (python_call,) = parse("[book(city='null')]", TOOLS).calls
    assert json_call.call.arguments == python_call.call.arguments == {"city": "null"}


def test_values_without_a_schema_stay_text() -> None:
    """For an unknown tool and an unknown parameter; without a type only containers are read."""
    assert _xml("other", n="3", o="[1]") == {"n": "3", "o": "[1]"}
    assert _xml(unknown="3") == {"unknown": "3"}
    assert _xml(untyped="3") == {"untyped": "3"}
    assert _xml(untyped="[3]") == {"untyped": [3]}


def test_unions_take_the_narrowest_type() -> None:
    """Whatever the order in which the schema names them."""
    assert _xml(rooms="2", extra="2.5") == {"rooms": 2, "extra": 2.5}
    assert _xml(rooms="two", extra="true") == {"rooms": "two", "extra": True}
    assert _xml(rooms="null", extra="yes") == {"rooms": None, "extra": "yes"}


def test_what_does_not_read_as_its_type_stays_text() -> None:
    """Except that anything but true is false for a plain boolean."""
    assert _xml(nights="few", late="yes") == {"nights": "few", "late": False}


def test_missing_arguments_are_none_where_none_is_required() -> None:
    """Otherwise the call is malformed in its tag, and an answer of an unknown tool is an answer."""
    for arguments in ("", ', "arguments": null'):
        text = f'{{"name": "ping"{arguments}}}'
        assert _names(text) == _names(f"<tool_call>{text}</tool_call>") == ["ping"]
    for name in ("book", "other"):
        reply = parse(f'<tool_call>{{"name": "{name}"}}</tool_call>', TOOLS)
        assert (reply.calls, len(reply.malformed)) == ((), 1)
    answer = '{"name": "other"}'
    assert parse(answer, TOOLS).content == answer


def test_arguments_without_names_follow_the_schema() -> None:
    """In order; without a schema the list is not read as a call."""
    (found,) = parse("[book('Rome', 2)]", TOOLS).calls
    assert found.call.arguments == {"city": "Rome", "nights": 2}
    assert _names("[other('Rome', 2)]") == []


def test_tagged_calls_in_thinking_are_calls_and_others_are_thoughts() -> None:
    """A server hands over what is tagged; a closed thought stays one."""
    json_call = '{"name": "ping", "arguments": {}}'
    tagged = f"<tool_call>{json_call}</tool_call>"
    assert _names(f"<think>So {tagged}</think>Done.") == ["ping"]
    assert _names(f"<think>So {tagged}") == ["ping"]
    for thought in (json_call, "[ping()]", f"```json\n{json_call}\n```"):
        assert _names(f"<think>So {thought}</think>Done.") == []
        assert _names(f"So {thought}</think>Done.") == []
        assert _names(f"<think>So.</think>{thought}") == ["ping"]


def test_what_begins_first_is_read_first() -> None:
    """A fence in an argument belongs to the call, a call in a code fence to the code."""
    text = '{"name": "book", "arguments": {"city": "```json\\n{}\\n```"}}'
    (found,) = parse(text, TOOLS).calls
    assert found.call.arguments == {"city": "```json\n{}\n```"}
    assert _names("```python\nx = [ping()]\n```") == []


def test_tags_win_over_the_text_of_other_formats() -> None:
    """A server looks for the tag wherever it stands."""
    reply = parse('{"name": "book", "arguments": {"city": "<tool_call>"}}', TOOLS)
    assert not reply.calls
    assert reply.malformed


def test_unknown_tools_in_python_count_alone_on_their_line() -> None:
    """In a sentence they are an example; where nothing is offered, arguments make them calls."""
    assert _names("[other(a=1)]") == _names("So:\n[other(a=1)]\nDone.") == ["other"]
    assert _names("Write [other(a=1)] here.") == []
    assert len(parse("Now [other(a=1)] here.", ()).calls) == 1


def test_bad_json_is_not_repaired() -> None:
    """What a server cannot read is malformed."""
    for text in (
        '{"name": "ping", "arguments": {},}',
        "{'name': 'ping', 'arguments': {}}",
        '{"name": "ping", "arguments": {}',
    ):
        reply = parse(f"<tool_call>{text}</tool_call>", TOOLS)
        assert (reply.calls, len(reply.malformed)) == ((), 1)


def test_bare_code_must_compile_and_call() -> None:
    """Else the block is malformed."""
    for code, count in (("print(1)", 1), ("x = 1", 0), ("print(", 0)):
        reply = parse(f"<tool_call>\n{code}\n</tool_call>", AGENT_TOOLS)
        assert len(reply.calls) == count
        assert len(reply.malformed) == 1 - count
