"""Replies and the calls in them, format by format."""

import json
from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import WireFormat

TYPED = ToolSpec(
    name="book",
    description="",
    parameters={
        "properties": {
            "nights": {"type": "integer"},
            "price": {"type": "number"},
            "late": {"type": "boolean"},
            "guests": {"type": "array"},
            "rooms": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "note": {"type": "string"},
        }
    },
)
TOOLS = (*AGENT_TOOLS, TYPED, ToolSpec(name="ping", description="", parameters={}))

XML = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n"
    "</function>\n</tool_call>"
)
JSON = '{"name": "read_file", "arguments": {"path": "a.py"}}'
READ: list[tuple[str, Any]] = [("read_file", {"path": "a.py"})]
BOTH = [*READ, ("kill_terminal", {"terminal_id": "t-1"})]
KILL_XML = XML.replace("read_file", "kill_terminal").replace("path", "terminal_id")
KILL_XML = KILL_XML.replace("a.py", "t-1")
KILL_JSON = '{"name": "kill_terminal", "arguments": {"terminal_id": "t-1"}}'
CODE = (
    "<tool_call>\n<function=execute_code>\n<parameter=code>\n{}\n</parameter>\n"
    "</function>\n</tool_call>"
)
BOOK = "<tool_call>\n<function=book>\n<parameter={}>\n{}\n</parameter>\n</function>\n</tool_call>"
HERMES = f"<tool_call>\n{JSON}\n</tool_call>"

READABLE = [
    ("xml", XML, READ, "qwen3-coder-xml", True, ""),
    ("xml-after-words", f"Sure.\n{XML}", READ, "qwen3-coder-xml", True, "Sure."),
    ("xml-two-blocks", f"{XML}\n{KILL_XML}", BOTH, "qwen3-coder-xml", True, ""),
    ("xml-blocks-touching", f"{XML}{KILL_XML}", BOTH, "qwen3-coder-xml", True, ""),
    ("xml-two-in-one-block", XML.replace("</tool_call>", KILL_XML[12:]), BOTH, None, False, ""),
    ("xml-no-opening-tag", XML.removeprefix("<tool_call>\n"), READ, None, False, ""),
    ("xml-no-closing-tag", XML.removesuffix("\n</tool_call>"), READ, None, False, ""),
    ("xml-no-tags", XML[12:-13], READ, "qwen3-coder-xml", False, ""),
    ("xml-function-not-closed", XML.replace("</function>\n", ""), READ, None, False, ""),
    ("xml-parameter-not-closed", XML.replace("</parameter>\n", ""), READ, None, False, ""),
    ("xml-cut-after-parameter", XML[: XML.index("</function>")], READ, None, False, ""),
    ("xml-on-one-line", XML.replace("\n", ""), READ, None, False, ""),
    ("xml-spaces-between", XML.replace(">\n<", "> \n <"), READ, None, False, ""),
    ("xml-in-a-fence", f"```xml\n{XML}\n```", READ, "qwen3-coder-xml", True, "```xml\n\n```"),
    ("xml-junk-before-end", XML.replace("</tool_call>", "x</tool_call>"), READ, None, False, ""),
    (
        "xml-no-parameters",
        "<tool_call>\n<function=ping>\n</function>\n</tool_call>",
        [("ping", {})],
        None,
        True,
        "",
    ),
    (
        "xml-parameter-twice",
        XML.replace("</function>", "<parameter=path>\nb\n</parameter>\n</function>"),
        [("read_file", {"path": "b"})],
        None,
        False,
        "",
    ),
    (
        "xml-code",
        CODE.format("r = ruff_check('a')\nprint(r.success)"),
        [("execute_code", {"code": "r = ruff_check('a')\nprint(r.success)"})],
        None,
        True,
        "",
    ),
    (
        "xml-code-with-json",
        CODE.format('x = {"name": "read_file", "arguments": {}}'),
        [("execute_code", {"code": 'x = {"name": "read_file", "arguments": {}}'})],
        None,
        True,
        "",
    ),
    (
        "xml-code-with-fence",
        CODE.format("'''\n```json\n{}\n```\n'''"),
        [("execute_code", {"code": "'''\n```json\n{}\n```\n'''"})],
        None,
        True,
        "",
    ),
    (
        "xml-end-tag-in-line",
        CODE.format("s = '</parameter>' + x"),
        [("execute_code", {"code": "s = '</parameter>' + x"})],
        None,
        True,
        "",
    ),
    (
        "xml-call-tag-in-value",
        CODE.format("s = '<tool_call>' + x"),
        [("execute_code", {"code": "s = '<tool_call>' + x"})],
        None,
        True,
        "",
    ),
    (
        "xml-blank-lines-kept",
        CODE.format("\nx\n"),
        [("execute_code", {"code": "\nx\n"})],
        None,
        True,
        "",
    ),
    ("xml-empty-value", CODE.format(""), [("execute_code", {"code": ""})], None, True, ""),
    ("xml-no-line-breaks", XML.replace("\na.py\n", "a.py"), READ, None, False, ""),
    ("xml-integer", BOOK.format("nights", "3"), [("book", {"nights": 3})], None, True, ""),
    (
        "xml-big-integer",
        BOOK.format("nights", "9007199254740993"),
        [("book", {"nights": 9007199254740993})],
        None,
        True,
        "",
    ),
    ("xml-number", BOOK.format("price", "1.5"), [("book", {"price": 1.5})], None, True, ""),
    ("xml-whole-number", BOOK.format("price", "2"), [("book", {"price": 2})], None, True, ""),
    ("xml-boolean", BOOK.format("late", "True"), [("book", {"late": True})], None, True, ""),
    (
        "xml-array",
        BOOK.format("guests", '["a", 1]'),
        [("book", {"guests": ["a", 1]})],
        None,
        True,
        "",
    ),
    (
        "xml-python-array",
        BOOK.format("guests", "['a', 1]"),
        [("book", {"guests": ["a", 1]})],
        None,
        True,
        "",
    ),
    ("xml-optional-integer", BOOK.format("rooms", "2"), [("book", {"rooms": 2})], None, True, ""),
    (
        "xml-optional-null",
        BOOK.format("rooms", "null"),
        [("book", {"rooms": None})],
        None,
        True,
        "",
    ),
    ("xml-text-of-digits", BOOK.format("note", "007"), [("book", {"note": "007"})], None, True, ""),
    (
        "xml-wrong-type-stays-text",
        BOOK.format("nights", "few"),
        [("book", {"nights": "few"})],
        None,
        True,
        "",
    ),
    ("xml-not-in-schema", BOOK.format("extra", "1"), [("book", {"extra": "1"})], None, True, ""),
    ("hermes", HERMES, READ, "hermes-json", False, ""),
    ("hermes-one-line", f"<tool_call>{JSON}</tool_call>", READ, "hermes-json", False, ""),
    ("hermes-not-closed", f"<tool_call>\n{JSON}", READ, "hermes-json", False, ""),
    ("hermes-two", f"{HERMES}\n<tool_call>\n{KILL_JSON}\n</tool_call>", BOTH, None, False, ""),
    (
        "hermes-two-in-one-block",
        f"<tool_call>\n{JSON}\n{KILL_JSON}\n</tool_call>",
        BOTH,
        None,
        False,
        "",
    ),
    (
        "hermes-array",
        f"<tool_call>[{JSON}, {KILL_JSON}]</tool_call>",
        BOTH,
        "hermes-json",
        False,
        "",
    ),
    (
        "hermes-end-tag-in-text",
        HERMES.replace("a.py", "</tool_call>"),
        [("read_file", {"path": "</tool_call>"})],
        "hermes-json",
        False,
        "",
    ),
    (
        "hermes-arguments-as-text",
        '<tool_call>{"name": "read_file", "arguments": "{\\"path\\": \\"a.py\\"}"}</tool_call>',
        READ,
        "hermes-json",
        False,
        "",
    ),
    ("fence-json", f"```json\n{JSON}\n```", READ, "fenced-json", False, ""),
    (
        "fence-plain",
        f"Here:\n```\n{JSON}\n```\nDone.",
        READ,
        "fenced-json",
        False,
        "Here:\n\nDone.",
    ),
    ("fence-not-closed", f"```json\n{JSON}", READ, "fenced-json", False, ""),
    ("fence-two-in-one", f"```json\n{JSON}\n{KILL_JSON}\n```", BOTH, "fenced-json", False, ""),
    ("fence-array", f"```json\n[{JSON}, {KILL_JSON}]\n```", BOTH, "fenced-json", False, ""),
    (
        "fence-in-a-value",
        "```json\n" + JSON.replace("a.py", "``` x ```") + "\n```",
        [("read_file", {"path": "``` x ```"})],
        "fenced-json",
        False,
        "",
    ),
    ("bare", JSON, READ, "bare-json", False, ""),
    ("bare-in-words", f"I call {JSON} now.", READ, "bare-json", False, "I call  now."),
    ("bare-parameters", JSON.replace("arguments", "parameters"), READ, "bare-json", False, ""),
    (
        "bare-openai",
        json.dumps({"type": "function", "function": json.loads(JSON)}),
        READ,
        "bare-json",
        False,
        "",
    ),
    ("bare-no-arguments-needed", '{"name": "ping"}', [("ping", {})], "bare-json", False, ""),
    ("mixed", f"{XML}\n```json\n{KILL_JSON}\n```", BOTH, None, False, ""),
]


@pytest.mark.parametrize(
    ("text", "calls", "wire_format", "strict", "content"),
    [pytest.param(*row[1:], id=row[0]) for row in READABLE],
)
def test_calls_are_read(
    text: str, calls: list[tuple[str, Any]], wire_format: str | None, strict: bool, content: str
) -> None:
    """Calls come in order with typed arguments, strictness and what is left of the text."""
    reply = parse(text, TOOLS)
    assert [(item.call.name, item.call.arguments) for item in reply.calls] == calls
    assert not reply.malformed
    assert all(item.strict for item in reply.calls) is strict
    assert reply.content == content
    if wire_format:
        assert {item.format for item in reply.calls} == {WireFormat(wire_format)}


ANSWERS = [
    ("empty", ""),
    ("words", "A list can change, a tuple cannot."),
    ("python-fence", "```python\ndef f():\n    return {'name': 'read_file'}\n```"),
    ("json-fence", '```json\n{"name": "Ada", "age": 36}\n```'),
    ("json-of-a-tool", '{"name": "read_file", "description": "Reads.", "parameters": {}}'),
    ("json-schema", '{"name": "x", "parameters": {"type": "object", "properties": {}}}'),
    ("call-in-python-fence", f"```python\nd = {JSON}\n```"),
    ("bare-json", 'The answer is {"a": [1, 2]}.'),
    ("empty-array", "```\n[]\n```"),
    ("array-of-numbers", "[[1, 2], [3]]"),
    ("array-of-others", '[{"name": "Ada"}, {"name": "Bob"}]'),
    ("prose-on-the-format", "Write <function=name> and then the parameters."),
    ("broken-json", '{"a": 1'),
    ("broken-json-fence", '```json\n{"a": 1\n```'),
    ("name-of-nobody", '{"name": "read_file", "size": 3}'),
    ("closing-tag-only", "Well </tool_call> then."),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ANSWERS])
def test_answers_hold_no_call(text: str) -> None:
    """JSON or code that answers a question is not a call, and nothing of it is lost."""
    reply = parse(text, TOOLS)
    assert (reply.calls, reply.malformed, reply.content) == ((), (), text)


MALFORMED = [
    ("empty-block", "<tool_call>\n</tool_call>", "", 12),
    ("words-in-block", "<tool_call>\nread it\n</tool_call>", "", 12),
    ("python-without-a-call", "<tool_call>\nx = 1\n</tool_call>", "", 12),
    ("json-cut-off", '<tool_call>\n{"name": "read_file", "arguments": {"path": "a', "", 52),
    ("json-comma", '<tool_call>\n{"name": "x",}\n</tool_call>', "", 25),
    ("json-no-arguments", '<tool_call>\n{"name": "read_file"}\n</tool_call>', "no arguments", 12),
    ("json-no-name", '<tool_call>\n{"arguments": {}}\n</tool_call>', "name", 12),
    ("json-text-after", f"<tool_call>\n{JSON} and\n</tool_call>", "after", 65),
    ("json-nan", '<tool_call>\n{"name": "x", "arguments": {"a": NaN}}\n</tool_call>', "NaN", 12),
    (
        "json-surrogate",
        '<tool_call>{"name": "x", "arguments": {"a": "\\ud800"}}</tool_call>',
        "surrogate",
        11,
    ),
    (
        "json-huge-number",
        '<tool_call>{"name": "x", "arguments": {"a": 1e999}}</tool_call>',
        "large",
        11,
    ),
    (
        "json-deep",
        '<tool_call>{"name": "x", "arguments": {"a": ' + "[" * 100 + "]" * 100 + "}}</tool_call>",
        "nested",
        11,
    ),
    (
        "xml-cut-in-value",
        "<tool_call>\n<function=read_file>\n<parameter=path>\nsrc/",
        "cut off",
        12,
    ),
    (
        "xml-then-next-call",
        f"<tool_call>\n<function=read_file>\n<parameter=path>\nsrc\n{XML}",
        "cut off",
        12,
    ),
    ("xml-no-name", "<tool_call>\n<function=>\n</function>\n</tool_call>", "no name", 12),
    (
        "xml-parameter-no-name",
        "<tool_call>\n<function=f>\n<parameter=>\nx\n</parameter>\n",
        "name",
        12,
    ),
    ("fence-cut-off", '```json\n{"name": "read_file", "arguments": {"path": "a', "", 48),
    ("fence-no-arguments", '```json\n{"name": "read_file"}\n```', "no arguments", 8),
    ("fence-wrong-arguments", '```json\n{"name": "read_file", "arguments": 3}\n```', "object", 8),
    ("bare-cut-off", 'x {"name": "read_file", "arguments": {"path": "a', "", 42),
    ("bare-no-arguments", 'x {"name": "read_file"}', "no arguments", 2),
]


@pytest.mark.parametrize(
    ("text", "reason", "position"), [pytest.param(*row[1:], id=row[0]) for row in MALFORMED]
)
def test_unreadable_calls_are_malformed(text: str, reason: str, position: int) -> None:
    """What is meant as a call and cannot be read is kept with reason and position."""
    reply = parse(text, TOOLS)
    assert len(reply.malformed) == 1
    problem = reply.malformed[0]
    assert reason in problem.reason
    assert problem.reason
    assert abs(problem.position - position) <= 12
    assert problem.text
    assert problem.text in text


def test_a_broken_call_does_not_hide_the_next() -> None:
    """The call after an unreadable one is read, in each format."""
    for broken, good in (
        ("<tool_call>\nwhat\n</tool_call>\n", XML),
        ('<tool_call>\n{"name": \n</tool_call>\n', HERMES),
        ('{"name": "read_file", "arguments": {path}}\n', JSON),
        ("<tool_call>\n<function=read_file>\n<parameter=path>\nsrc\n", XML),
    ):
        reply = parse(broken + good, TOOLS)
        assert [item.call.arguments for item in reply.calls] == [{"path": "a.py"}]
        assert len(reply.malformed) == 1


@pytest.mark.parametrize("text", [XML, HERMES, f"```json\n{JSON}\n```", JSON])
def test_unknown_tools_are_returned_and_flagged(text: str) -> None:
    """A tool that nobody offered is a call with `known` false; an offered one has it true."""
    (unknown,) = parse(text.replace("read_file", "rm_rf"), TOOLS).calls
    (known,) = parse(text, TOOLS).calls
    assert (unknown.call.name, unknown.known) == ("rm_rf", False)
    assert (known.call.name, known.known) == ("read_file", True)


def test_strict_is_about_the_trained_format() -> None:
    """Hermes JSON is strict for a model trained on it, and XML is then not."""
    (hermes,) = parse(HERMES, TOOLS, trained=WireFormat.HERMES_JSON).calls
    (loose,) = parse(f"<tool_call>{JSON}</tool_call>", TOOLS, trained=WireFormat.HERMES_JSON).calls
    (xml,) = parse(XML, TOOLS, trained=WireFormat.HERMES_JSON).calls
    assert (hermes.strict, loose.strict, xml.strict) == (True, False, False)


@pytest.mark.parametrize("prefix", ["", "Ok. ", "Look at {this", "```python\nx = 1\n```\n"])
@pytest.mark.parametrize("suffix", ["", "\nThat is all.", "\n```sh\nls\n```"])
def test_text_around_calls_changes_nothing(prefix: str, suffix: str) -> None:
    """Calls are the same whatever stands around them, and that text stays."""
    reply = parse(f"{prefix}{XML}{suffix}", TOOLS)
    assert [(item.call.name, item.call.arguments) for item in reply.calls] == READ
    assert reply.calls[0].strict
    assert reply.content == f"{prefix}{suffix}".strip()
