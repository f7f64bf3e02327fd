"""Formats of other model families, each with and without what is optional in it."""

import json
from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import ParsedReply

Calls = list[tuple[str, dict[str, Any]]]

SEARCH = ToolSpec(
    name="search",
    description="",
    parameters={
        "type": "object",
        "properties": {"query": {"type": "string"}, "limit": {"type": "integer"}},
        "required": ["query"],
    },
)
PING = ToolSpec(name="ping", description="", parameters={"type": "object", "properties": {}})
TOOLS = (SEARCH, PING)
CODERS = (*AGENT_TOOLS, *TOOLS)

ONE: Calls = [("search", {"query": "tea"})]
TWO: Calls = [*ONE, ("ping", {})]
JSON = '{"name": "search", "arguments": {"query": "tea"}}'
PARAMETERS = '{"name": "search", "parameters": {"query": "tea"}}'
PING_JSON = '{"name": "ping", "arguments": {}}'

READABLE: list[tuple[str, str, Calls, str, str | None]] = [
    ("python-list", "[search(query='tea')]", ONE, "pythonic", ""),
    ("python-two", '[search(query="tea"), ping()]', TWO, "pythonic", ""),
    ("python-spaces", "[ search( query = 'tea' , ) ,\n ping( ) ]", TWO, "pythonic", ""),
    ("python-in-words", "I look. [ping()] Wait.", [("ping", {})], "pythonic", "I look.  Wait."),
    ("python-in-order", "[search('tea', 3)]", [("search", {"query": "tea", "limit": 3})], "", ""),
    (
        "python-values",
        "[search(a=-1, b=2.5, c=True, d=none_, e=[1, (2,)], f={'k': None})]".replace(
            "none_", "null"
        ),
        [("search", {"a": -1, "b": 2.5, "c": True, "d": None, "e": [1, [2]], "f": {"k": None}})],
        "pythonic",
        "",
    ),
    (
        "python-strings",
        r"""[search(a='it\'s', b="\u00e4\n", c=r'\d', d='''x'y''', e='a' "b", f='\U0001F600')]""",
        [("search", {"a": "it's", "b": "ä\n", "c": r"\d", "d": "x'y", "e": "ab", "f": "😀"})],
        "pythonic",
        "",
    ),
    ("python-big-integer", "[search(a=9007199254740993)]", [("search", {"a": 2**53 + 1})], "", ""),
    ("python-dotted", "[a.b-c.d(x=1)]", [("a.b-c.d", {"x": 1})], "pythonic", ""),
    ("python-tags", "<|python_start|>[ping()]<|python_end|>", [("ping", {})], "pythonic", ""),
    (
        "python-tool-call-tags",
        "Ok.<|tool_call_start|>[search(query='tea')]<|tool_call_end|>Done.",
        ONE,
        "pythonic",
        "Ok.Done.",
    ),
    (
        "python-lines-in-tags",
        "<function_calls>\nsearch(query='tea')\nping()\n</function_calls>",
        TWO,
        "pythonic",
        "",
    ),
    ("python-semicolons", "<tools>search(query='tea'); ping()</tools>", TWO, "pythonic", ""),
    ("python-in-tool-call", "<tool_call>[ping()]</tool_call>", [("ping", {})], "pythonic", ""),
    ("python-bare-in-tool-call", "<tool_call>\nping()\n</tool_call>", [("ping", {})], "", ""),
    ("bracket-json", '[search({"query": "tea"})]', ONE, "bracket-json", ""),
    ("bracket-marked", '[Calling tool: search({"query": "tea"})]', ONE, "bracket-json", ""),
    ("mistral-array", f"[TOOL_CALLS] [{JSON}, {PING_JSON}]", TWO, "mistral", ""),
    ("mistral-closed", f"[TOOL_CALLS][{JSON}][/TOOL_CALLS]", ONE, "mistral", ""),
    ("mistral-cut-array", f"[TOOL_CALLS][{JSON}", ONE, "mistral", ""),
    ("mistral-names", '[TOOL_CALLS]search{"query": "tea"}[TOOL_CALLS]ping{}', TWO, "mistral", ""),
    ("mistral-args", 'Ok.[TOOL_CALLS]search[ARGS]{"query": "tea"}', ONE, "mistral", "Ok."),
    ("mistral-id", '[TOOL_CALLS]search[CALL_ID]a1[ARGS]{"query": "tea"}', ONE, "mistral", ""),
    ("function-json", '<function=search>{"query": "tea"}</function>', ONE, "function-json", ""),
    (
        "function-json-two",
        '<function=search>{"query": "tea"}</function>\n<function=ping>{}</function>',
        TWO,
        "function-json",
        "",
    ),
    (
        "function-json-tagged",
        '<tool_call>\n<function=search>\n{"query": "tea"}\n</function>\n</tool_call>',
        ONE,
        "function-json",
        "",
    ),
    ("function-json-open", '<function=search>{"query": "tea"}', ONE, "function-json", ""),
    (
        "function-json-end-tag-in-text",
        '<function=search>{"query": "</function>"}</function>',
        [("search", {"query": "</function>"})],
        "function-json",
        "",
    ),
    ("tools-tag", f"<tools>\n{JSON}\n</tools>", ONE, "tagged-json", ""),
    ("tools-lines", f"<tools>\n{JSON}\n{PING_JSON}\n</tools>", TWO, "tagged-json", ""),
    ("tag-array", f"<tool_calls>[{JSON}, {PING_JSON}]</tool_calls>", TWO, "tagged-json", ""),
    ("tag-upper", f"<TOOLCALL>[{JSON}]</TOOLCALL>", ONE, "tagged-json", ""),
    ("tag-special", f"<|python_tag|>{PARAMETERS}<|eom_id|>", ONE, "tagged-json", ""),
    ("tag-semicolon", f"<|python_tag|>{PARAMETERS}; {PING_JSON}", TWO, "tagged-json", ""),
    ("tag-not-closed", f"<function_call>{JSON}", ONE, "tagged-json", ""),
    ("bare-semicolon", f"{PARAMETERS};{PING_JSON}", TWO, "bare-json", ";"),
    ("bare-wrapped", json.dumps({"tool_calls": [json.loads(JSON)]}), ONE, "bare-json", ""),
    ("bare-cut-array", f"[{JSON}, {PING_JSON}", TWO, "bare-json", "[,"),
    ("fence-cut-array", f"```json\n[{JSON}", ONE, "fenced-json", ""),
    ("hermes-cut-array", f"<tool_call>[{JSON}", ONE, "hermes-json", ""),
    ("null-arguments", '{"name": "ping", "arguments": null}', TWO[1:], "bare-json", ""),
    ("after-thinking", f"<think>I need tea.</think>{JSON}", ONE, "bare-json", None),
    ("after-prompted-thinking", "tea</think>[search(query='tea')]", ONE, "pythonic", None),
    ("tagged-in-thinking", f"<think>hm<tool_call>{JSON}</tool_call></think>", ONE, "", None),
    ("tagged-in-open-thinking", f"<think>hm<tool_call>{JSON}</tool_call>", ONE, "", "<think>hm"),
]  # fmt: skip


def _calls(reply: ParsedReply) -> Calls:
    return [(item.call.name, dict(item.call.arguments)) for item in reply.calls]


@pytest.mark.parametrize(
    ("text", "calls", "wire_format", "content"),
    [pytest.param(*row[1:], id=row[0]) for row in READABLE],
)
def test_formats_are_read(text: str, calls: Calls, wire_format: str, content: str | None) -> None:
    """Calls come in order, never as strict ones; what is left is the text around them."""
    reply = parse(text, TOOLS)
    assert _calls(reply) == calls
    assert not reply.malformed
    assert not any(item.strict for item in reply.calls)
    assert content is None or reply.content == content
    if wire_format:
        assert {str(item.format) for item in reply.calls} == {wire_format}


CODE = "r = ruff_check('src')\nprint(r.success)"


def test_code_without_its_wrapper_is_code_mode() -> None:
    """Python in the tags is a call of execute_code, as written, and not strict."""
    (call,) = parse(f"<tool_call>\n{CODE}\n</tool_call>", CODERS).calls
    assert (call.call.name, call.call.arguments) == ("execute_code", {"code": CODE})
    assert (str(call.format), call.strict, call.known) == ("bare-code", False, True)


def test_code_of_typed_tools_is_recognized_without_the_tool() -> None:
    """It is returned and flagged, because nobody offered execute_code."""
    (call,) = parse(f"<tool_call>{CODE}</tool_call>", ()).calls
    assert (call.call.name, call.known) == ("execute_code", False)


def test_a_call_of_a_tool_is_not_code() -> None:
    """With execute_code offered, a lone call of an offered tool is that call."""
    (tool,) = parse("<tool_call>search(query='tea')</tool_call>", CODERS).calls
    (code,) = parse("<tool_call>typecheck(path='src')</tool_call>", CODERS).calls
    assert (tool.call.name, code.call.name) == ("search", "execute_code")


NO_CALLS = [
    ("link", "Read [the docs](https://example.test) first."),
    ("list", "The array was [1, 2, 3]."),
    ("words", "Use [square brackets] for optional text."),
    ("names-of-arguments", "This mentions [search(query)] as a sketch."),
    ("python-answer", "It is x = [Point(x=1, y=2)] here."),
    ("unknown-in-words", "For example [Point(x=1)] here."),
    ("index", "a[f(x=1)]"),
    ("code-fence", "```python\nitems = [search(query='tea')]\n```"),
    ("html", "<code>f(x=1)</code>"),
    ("tag-of-prose", "<tools> are listed below."),
    ("result", "<tool_response>{'a': 1}</tool_response>"),
    ("mark", "Mistral writes [TOOL_CALLS] before calls."),
    ("thought", f"<think>Maybe {JSON}?</think>No call."),
    ("prompted-thought", "Maybe [ping()]?</think>No call."),
    ("json-in-tag", '<data>{"label": "alpha"}</data>'),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in NO_CALLS])
def test_answers_stay_answers(text: str) -> None:
    """Brackets, tags and thoughts that are no calls stay in the content."""
    reply = parse(text, TOOLS)
    assert (reply.calls, reply.malformed, reply.content) == ((), (), text)


MALFORMED = [
    ("python-no-value", "[search(query=)]", "search"),
    ("python-name", "[search(query=tea)]", "literal"),
    ("python-cut", "[search(query='te", "closed"),
    ("python-twice", "[search(query='a', query='b')]", "twice"),
    ("marked-cut", 'Ok. [Calling tool: f({"city":"Prague"', "f"),
    ("mistral-cut", '[TOOL_CALLS] [{"name": "search", "arg', ""),
    ("mistral-no-arguments", '[TOOL_CALLS][{"name": "search"}]', "no arguments"),
    ("function-json-cut", '<function=search>{"query": "te', "search"),
    ("tag-words", "<tool_calls>no call</tool_calls>", "no call"),
    ("tag-json", '<tools>{"name": "search", "arguments": {</tools>', ""),
    ("tag-python", "<function_calls>search(query=)</function_calls>", ""),
]


@pytest.mark.parametrize(
    ("text", "reason"), [pytest.param(*row[1:], id=row[0]) for row in MALFORMED]
)
def test_broken_calls_are_malformed(text: str, reason: str) -> None:
    """Nothing is called; the reason and the position inside the text are told."""
    reply = parse(text, TOOLS)
    assert not reply.calls
    (problem,) = reply.malformed
    assert reason in problem.reason
    assert problem.text in text
    assert 0 <= problem.position <= len(text)


@pytest.mark.parametrize("around", ["<tool_call>{}</tool_call>", "```\n{}\n```", "{}"])
def test_readable_elements_of_an_array_count(around: str) -> None:
    """Junk beside a call is malformed, and the call is still a call."""
    reply = parse(around.format(f'[{JSON}, "junk"]'), TOOLS)
    assert _calls(reply) == ONE
    assert len(reply.malformed) == 1


def test_unknown_tools_are_flagged_in_every_format() -> None:
    """A call of a tool that nobody offered is returned with `known` false."""
    for text in (
        "[other(a=1)]",
        '[TOOL_CALLS]other{"a": 1}',
        '<function=other>{"a": 1}</function>',
        "<function_calls>other(a=1)</function_calls>",
    ):
        (call,) = parse(text, TOOLS).calls
        assert (call.call.name, call.known) == ("other", False)


UNITS = [
    "[search(query='", "[search(", "[f(a=", "[f(a=[", "[f(a='''", "[Calling tool: f(", "<a>[",
    "<tools>", "<tools>{", '<tools>{"name": "search", "arguments": {', "<tool_calls>x", "<|a|>f(",
    "<tools>ping()\n", "[TOOL_CALLS]", "[TOOL_CALLS][", '[TOOL_CALLS]f{"a":', "<think>", "</think>",
    '[{"a":1},', '<tool_call>[{"a":1},', "```json\n[{", '[{"name": "search", "arguments": {}},',
    '<function=f>{"a":', "<function=f>{", "<a b=", "<tool_call>f(a=(", "[f(a=1),", "[f(a=0x",
    "<tool_call>[f(a='", '["', "[f(a={'", "<tools>[[", '[{"a":"' + "b" * 99 + '"},',
]  # fmt: skip


@pytest.mark.parametrize("unit", [pytest.param(u, id=ascii(u[:24])) for u in UNITS])
def test_hostile_fragments_are_read_to_the_end(unit: str) -> None:
    """A quarter of a megabyte of the same fragment is read without an error."""
    text = unit * (250_000 // len(unit))
    assert len(parse(text, TOOLS).content) <= len(text)
