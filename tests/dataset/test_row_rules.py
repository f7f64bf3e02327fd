"""Every rule of a row refuses what it is for, and accepts what looks like it but is healthy.

The quick answer (`surely_sound`) agrees with the rules wherever it says yes.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.dataset import rules
from punie_train.dataset.inputs import Split
from punie_train.dataset.json_lines import parse_line
from punie_train.dataset.judged_blocks import judged
from punie_train.dataset.operations import KEPT, Removed
from punie_train.dataset.row_rules import row_faults
from punie_train.dataset.rows import Row, row_of
from punie_train.dataset.rules import Rule, Severity
from punie_train.dataset.sound_rows import surely_sound
from punie_train.dataset.valid_filter import ValidRows

TRAIN = Split(name="train", path=Path("train.jsonl"))
READ = {
    "type": "function",
    "function": {
        "name": "read_file",
        "description": "Read a file.",
        "parameters": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "lines": {"type": "integer"},
                "parts": {"type": "array", "items": {"type": "string"}},
                "mode": {"enum": ["text", "bytes"]},
            },
            "required": ["path"],
        },
    },
}
LIST = {"type": "function", "function": {"name": "list_files", "parameters": {"type": "object"}}}


def call(arguments: Any = None, *, name: str = "read_file", key: str = "c1") -> dict[str, Any]:
    """Return a call in OpenAI's form."""
    arguments = {"path": "a.py"} if arguments is None else arguments
    return {"id": key, "type": "function", "function": {"name": name, "arguments": arguments}}


def result(content: str = "x = 1", *, key: str = "c1", name: str = "read_file") -> dict[str, Any]:
    """Return the result of a call."""
    return {"role": "tool", "tool_call_id": key, "name": name, "content": content}


def said(role: str, content: Any) -> dict[str, Any]:
    """Return a message without calls."""
    return {"role": role, "content": content}


def calling(*calls: dict[str, Any], content: Any = "") -> dict[str, Any]:
    """Return a message that calls tools."""
    return {"role": "assistant", "content": content, "tool_calls": list(calls)}


HEALTHY: dict[str, Any] = {
    "messages": [
        said("system", "You are an agent."),
        said("user", "Read a.py, please: now."),
        calling(call()),
        result(),
        said("assistant", "It sets x."),
    ],
    "tools": [READ, LIST],
}


def chat(*messages: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """Return a row of these messages."""
    return {"messages": list(messages), **keys}


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """Return the healthy row after a change."""
    row = copy.deepcopy(HEALTHY)
    change(row)
    return row


def row(value: Any) -> Row:
    """Return the row of a JSON value, or of the bytes of a line."""
    raw = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return row_of(raw, TRAIN, 1)


def tool(parameters: Any, **keys: Any) -> dict[str, Any]:
    """Return a definition of read_file with other parameters."""
    return {"type": "function", "function": {"name": "read_file", "parameters": parameters} | keys}


def called(arguments: Any, definition: Any = READ) -> dict[str, Any]:
    """Return a row that calls read_file with arguments, as the last message."""
    return chat(said("user", "a"), calling(call(arguments)), tools=[definition])


def texts(*turns: str) -> dict[str, Any]:
    """Return a ChatML row of turns such as `user: a`."""
    parts = [turn.split(": ", 1) for turn in turns]
    return {"text": "\n".join(f"<|im_start|>{who}\n{what}<|im_end|>" for who, what in parts)}


U, A, S = said("user", "a"), said("assistant", "b"), said("system", "s")
CALL, RESULT = calling(call()), result()
TOOLS: dict[str, Any] = {"tools": [READ, LIST]}
TWO = calling(call(), call({}, name="list_files", key="c2"))
OTHER = result(key="c2", name="list_files")
BARE_CALL = {"type": "function", "function": {"name": "read_file", "arguments": {"path": "a"}}}
NESTED = tool({"type": "object", "properties": {"o": {"type": "object"}, "l": {"type": "array"}}})
CLOSED = tool({"type": "object", "properties": {"path": {}}, "additionalProperties": False})
ELSEWHERE = tool({"type": "object", "properties": {"path": {"$ref": "http://localhost:9/x"}}})

BROKEN: list[tuple[str, Rule, Any]] = [
    ("blank", rules.UNREADABLE[rules.Unreadable.BLANK], b""),
    ("not utf-8", rules.UNREADABLE[rules.Unreadable.NOT_UTF8], b'{"text": "\xff"}'),
    ("NaN", rules.UNREADABLE[rules.Unreadable.NON_FINITE], b'{"text": "a", "n": NaN}'),
    ("half a pair", rules.UNREADABLE[rules.Unreadable.LONE_SURROGATE], b'{"text": "\\ud800"}'),
    (
        "deep and closed",
        rules.UNREADABLE[rules.Unreadable.TOO_DEEP],
        b'{"text": "a", "n": ' + b'{"a":' * 990 + b"1" + b"}" * 991,
    ),
    (
        "a deep tool",
        rules.UNREADABLE[rules.Unreadable.TOO_DEEP],
        json.dumps(HEALTHY).replace('"type": "string"', '"not": {' * 240 + "}" * 240, 1).encode(),
    ),
    ("deep", rules.UNREADABLE[rules.Unreadable.TOO_DEEP], b"[" * 99999),
    ("cut off", rules.UNREADABLE[rules.Unreadable.NOT_JSON], b'{"text": "a'),
    ("a list", rules.UNREADABLE[rules.Unreadable.NOT_OBJECT], b"[1]"),
    ("top key twice", rules.DUPLICATE_KEY, b'{"text": "a", "text": "b"}'),
    (
        "content twice",
        rules.DUPLICATE_KEY,
        json.dumps(chat(U, A)).replace('"content": "a"', '"content": "x", "content": "a"').encode(),
    ),
    (
        "role twice, a colon escaped",
        rules.DUPLICATE_KEY,
        json.dumps(chat(said("user", "a:"), A))
        .replace('"role": "user"', '"role": "user", "role": "user"')
        .replace('"a:"', r'"a\u003a"')
        .encode(),
    ),
    *(
        (
            f"role twice, a colon escaped in {key}",
            rules.DUPLICATE_KEY,
            json.dumps(chat(U, A, **{key: "a:b"}))
            .replace('"role": "user"', '"role": "user", "role": "user"')
            .replace("a:b", r"a\u003ab")
            .encode(),
        )
        for key in ("id", "source", "category", "metadata", "meta")
    ),
    (
        "in metadata",
        rules.DUPLICATE_KEY,
        b'{"messages": %s, "metadata": {"a": {"b": 1, "b": 2}}}' % json.dumps([U, A]).encode(),
    ),
    (
        "in metadata, a colon escaped in a key",
        rules.DUPLICATE_KEY,
        b'{"messages": %s, "meta": {"a\\u003ab": {"b": 1, "b": 2}}}' % json.dumps([U, A]).encode(),
    ),
    (
        "argument twice",
        rules.DUPLICATE_KEY,
        json.dumps(called({"path": "a"}))
        .replace('"path": "a"', '"path": "", "path": "a"')
        .encode(),
    ),
    (
        "key of a tool twice",
        rules.DUPLICATE_KEY,
        json.dumps(HEALTHY).replace('"name": "list_f', '"name": "x", "name": "list_f').encode(),
    ),
    ("in arguments as text", rules.DUPLICATE_KEY, called('{"path": "a", "path": "b"}')),
    (
        "NaN in arguments as text",
        rules.UNREADABLE[rules.Unreadable.NON_FINITE],
        called('{"a":NaN}'),
    ),
    ("no known key", rules.UNKNOWN_FORMAT, {"conversation": []}),
    ("half a pair of keys", rules.UNKNOWN_FORMAT, {"prompt": "a"}),
    ("empty object", rules.UNKNOWN_FORMAT, {}),
    ("messages and text", rules.MIXED_KEYS, chat(U, A, text="a")),
    ("messages and prompt", rules.MIXED_KEYS, chat(U, A, prompt="a", completion="b")),
    ("text and completion", rules.MIXED_KEYS, {"text": "a", "prompt": "a", "completion": "b"}),
    ("text is a number", rules.NOT_TEXT, {"text": 5}),
    ("completion is null", rules.NOT_TEXT, {"prompt": "a", "completion": None}),
    ("blank text", rules.EMPTY_TEXT, {"text": " \n"}),
    ("empty completion", rules.EMPTY_TEXT, {"prompt": "a", "completion": ""}),
    ("messages are text", rules.MESSAGES_NOT_LIST, {"messages": "a"}),
    ("messages are encoded", rules.DOUBLE_ENCODED, {"messages": json.dumps([U, A])}),
    ("no messages", rules.NO_MESSAGES, chat()),
    ("a message is text", rules.MESSAGE_NOT_OBJECT, {"messages": ["a"]}),
    ("role bot", rules.UNKNOWN_ROLE, chat(U, said("bot", "b"))),
    ("no role", rules.UNKNOWN_ROLE, chat(U, {"content": "b"})),
    ("role is a list", rules.UNKNOWN_ROLE, chat(U, said("assistant", "b") | {"role": ["user"]})),
    ("role in ChatML", rules.UNKNOWN_ROLE, texts("user: a", "model: b")),
    ("two system prompts", rules.SYSTEM_NOT_FIRST, chat(S, S, U, A)),
    ("late system prompt", rules.SYSTEM_NOT_FIRST, chat(U, S, A)),
    ("assistant first", rules.FIRST_NOT_USER, chat(A)),
    ("assistant after system", rules.FIRST_NOT_USER, chat(S, A, U, A)),
    ("result first", rules.FIRST_NOT_USER, chat(RESULT, U, A)),
    ("two users", rules.USER_AFTER_USER, chat(U, U, A)),
    ("two users in ChatML", rules.USER_AFTER_USER, texts("user: a", "user: b", "assistant: c")),
    ("two assistants", rules.ASSISTANT_AFTER_ASSISTANT, chat(U, A, A)),
    ("user after result", rules.USER_AFTER_RESULT, chat(U, CALL, RESULT, U, A, **TOOLS)),
    ("user last", rules.LAST_NOT_ASSISTANT, chat(U, A, U)),
    ("result last", rules.LAST_NOT_ASSISTANT, chat(U, CALL, RESULT, **TOOLS)),
    ("system only", rules.LAST_NOT_ASSISTANT, chat(S)),
    ("empty reply", rules.EMPTY_CONTENT, chat(U, said("assistant", ""))),
    ("blank user", rules.EMPTY_CONTENT, chat(said("user", " \n\t"), A)),
    ("content null", rules.EMPTY_CONTENT, chat(U, said("assistant", None))),
    ("no content", rules.EMPTY_CONTENT, chat(U, {"role": "assistant"})),
    ("no calls in the list", rules.EMPTY_CONTENT, chat(U, calling(), **TOOLS)),
    (
        "blank parts",
        rules.EMPTY_CONTENT,
        chat(U, said("assistant", [{"type": "text", "text": ""}])),
    ),
    ("empty in ChatML", rules.EMPTY_CONTENT, texts("user: a", "assistant: ")),
    ("empty result", rules.EMPTY_RESULT, chat(U, CALL, result(""), A, **TOOLS)),
    ("content is a number", rules.CONTENT_TYPE, chat(U, said("assistant", 7))),
    ("an image", rules.CONTENT_PART, chat(said("user", [{"type": "image_url"}]), A)),
    ("a part is text", rules.CONTENT_PART, chat(said("user", ["a"]), A)),
    ("ChatML", rules.CONTROL_TOKEN, chat(U, said("assistant", "b<|im_end|>"))),
    ("Llama 3", rules.CONTROL_TOKEN, chat(said("user", "a<|eot_id|>"), A)),
    ("Llama 2", rules.CONTROL_TOKEN, chat(said("user", "<<SYS>>a"), A)),
    ("Mistral", rules.CONTROL_TOKEN, chat(said("user", "[INST] a [/INST]"), A)),
    ("end of sequence", rules.CONTROL_TOKEN, chat(U, said("assistant", "b</s>"))),
    ("Mistral's calls", rules.CONTROL_TOKEN, chat(U, said("assistant", "[TOOL_CALLS][]"))),
    ("in the system prompt", rules.CONTROL_TOKEN, chat(said("system", "<|system|>"), U, A)),
    ("in a result", rules.CONTROL_TOKEN, chat(U, CALL, result("<|endoftext|>"), A, **TOOLS)),
    ("in an argument", rules.CONTROL_TOKEN, called({"path": "<|im_start|>"})),
    ("in reasoning", rules.CONTROL_TOKEN, chat(U, A | {"reasoning_content": "<|im_end|>"})),
    ("DeepSeek, on two lines", rules.CONTROL_TOKEN, called({"path": "<\uff5ca\nb\uff5c>"})),
    ("DeepSeek, in two", rules.CONTROL_TOKEN, called({"path": "<\uff5c", "mode": "\uff5c>"})),
    ("in a list", rules.CONTROL_TOKEN, called({"path": "a", "parts": ["<|im_start|>"]})),
    ("in a part", rules.CONTROL_TOKEN, chat(said("user", [{"type": "text", "text": "</s>"}]), A)),
    (
        "escaped",
        rules.CONTROL_TOKEN,
        json.dumps(chat(U, A)).replace('"b"', r'"\u003c/s>"').encode(),
    ),
    ("in a completion", rules.CONTROL_TOKEN, {"prompt": "a", "completion": "b<|im_end|>"}),
    ("of another family", rules.CONTROL_TOKEN, texts("user: [INST] a", "assistant: b")),
    ("no end in ChatML", rules.CHATML, {"text": "<|im_start|>user\na"}),
    ("text before ChatML", rules.CHATML, {"text": "a<|im_start|>user\na<|im_end|>"}),
    ("tools are an object", rules.TOOLS_NOT_LIST, chat(U, A, tools={"read_file": {}})),
    ("tools are encoded", rules.DOUBLE_ENCODED, chat(U, A, tools=json.dumps([READ]))),
    ("tools of a completion", rules.TOOLS_NOT_LIST, {"prompt": "a", "completion": "b", "tools": 1}),
    ("a tool is text", rules.BAD_TOOL, chat(U, A, tools=["read_file"])),
    ("a tool without a name", rules.BAD_TOOL, chat(U, A, tools=[{"type": "function"}])),
    ("another kind of tool", rules.BAD_TOOL, chat(U, A, tools=[READ | {"type": "retrieval"}])),
    ("type str", rules.BAD_TOOL, chat(U, A, tools=[tool({"type": "str"})])),
    (
        "type of a property",
        rules.BAD_TOOL,
        chat(U, A, tools=[tool({"properties": {"a": {"type": "int"}}})]),
    ),
    (
        "required is a word",
        rules.BAD_TOOL,
        chat(U, A, tools=[tool({"type": "object", "required": "a"})]),
    ),
    ("no schema words", rules.BAD_TOOL, chat(U, A, tools=[tool({"path": {"type": "string"}})])),
    ("schema is a list", rules.BAD_TOOL, chat(U, A, tools=[tool(["path"])])),
    ("one tool twice", rules.DUPLICATE_TOOL, chat(U, A, tools=[READ, READ])),
    ("calls are an object", rules.CALLS_NOT_LIST, chat(U, A | {"tool_calls": call()}, **TOOLS)),
    ("calls are encoded", rules.DOUBLE_ENCODED, chat(U, A | {"tool_calls": "[]"}, **TOOLS)),
    ("the user calls", rules.CALLS_OF_OTHERS, chat(U | {"tool_calls": [call()]}, A, **TOOLS)),
    ("a call is text", rules.MALFORMED_CALL, chat(U, A | {"tool_calls": ["f"]}, **TOOLS)),
    ("a call without a name", rules.MALFORMED_CALL, chat(U, calling({"function": {}}), **TOOLS)),
    ("another type", rules.MALFORMED_CALL, chat(U, calling(call() | {"type": "code"}), **TOOLS)),
    ("an id that is a number", rules.MALFORMED_CALL, chat(U, calling(call() | {"id": 1}), **TOOLS)),
    ("no tools", rules.CALL_WITHOUT_TOOLS, chat(U, CALL)),
    ("empty tools", rules.CALL_WITHOUT_TOOLS, chat(U, CALL, tools=[])),
    ("null tools", rules.CALL_WITHOUT_TOOLS, chat(U, CALL, tools=None)),
    ("an unknown tool", rules.UNKNOWN_TOOL, chat(U, calling(call({}, name="rm")), **TOOLS)),
    ("one id for two", rules.DUPLICATE_CALL_ID, chat(U, calling(call(), call()), **TOOLS)),
    ("an id again", rules.DUPLICATE_CALL_ID, chat(U, CALL, RESULT, A, U, CALL, **TOOLS)),
    ("nothing was called", rules.RESULT_WITHOUT_CALL, chat(U, RESULT, A, **TOOLS)),
    (
        "the id of a call without one",
        rules.RESULT_WITHOUT_CALL,
        chat(U, calling(BARE_CALL), {"role": "tool", "tool_call_id": "\0000", "content": "a"}, A)
        | TOOLS,
    ),
    ("another id", rules.RESULT_WITHOUT_CALL, chat(U, CALL, result(key="c9"), A, **TOOLS)),
    (
        "a name that was not called",
        rules.RESULT_WITHOUT_CALL,
        chat(U, CALL, {"role": "tool", "name": "list_files", "content": "a"}, A, **TOOLS),
    ),
    ("a second result", rules.SECOND_RESULT, chat(U, CALL, RESULT, RESULT, A, **TOOLS)),
    (
        "a second result without ids",
        rules.SECOND_RESULT,
        chat(U, calling(BARE_CALL), said("tool", "a"), said("tool", "b"), A, **TOOLS),
    ),
    ("another name", rules.RESULT_NAME, chat(U, CALL, result(name="list_files"), A, **TOOLS)),
    ("no result", rules.CALL_WITHOUT_RESULT, chat(U, CALL, U, A, **TOOLS)),
    ("one result of two", rules.CALL_WITHOUT_RESULT, chat(U, TWO, RESULT, A, **TOOLS)),
    ("one of two, cut off", rules.CALL_WITHOUT_RESULT, chat(U, TWO, RESULT, **TOOLS)),
    ("arguments are a list", rules.ARGUMENTS_NOT_OBJECT, called(["a"])),
    ("arguments are a number", rules.ARGUMENTS_NOT_OBJECT, called(1)),
    ("arguments are no JSON", rules.ARGUMENTS_NOT_OBJECT, called("path=a")),
    ("arguments are empty text", rules.ARGUMENTS_NOT_OBJECT, called("")),
    ("arguments are a list as text", rules.ARGUMENTS_NOT_OBJECT, called('["a"]')),
    (
        "no arguments",
        rules.ARGUMENTS_NOT_OBJECT,
        chat(U, calling({"function": {"name": "read_file"}}), **TOOLS),
    ),
    ("arguments as text", rules.ARGUMENTS_AS_TEXT, called('{"path": "a"}')),
    ("encoded twice", rules.DOUBLE_ENCODED, called(json.dumps('{"path": "a"}'))),
    ("an object as text", rules.DOUBLE_ENCODED, called({"o": '{"a": 1}'}, NESTED)),
    ("a list as text", rules.DOUBLE_ENCODED, called({"l": "[1, 2]"}, NESTED)),
    ("a result encoded", rules.DOUBLE_ENCODED, chat(U, CALL, result('"{\\"a\\": 1}"'), A, **TOOLS)),
    ("a missing argument", rules.ARGUMENT_MISFIT, called({"lines": 1})),
    ("text for a number", rules.ARGUMENT_MISFIT, called({"path": "a", "lines": "3"})),
    ("true for a number", rules.ARGUMENT_MISFIT, called({"path": "a", "lines": True})),
    ("half a line", rules.ARGUMENT_MISFIT, called({"path": "a", "lines": 1.5})),
    ("null for text", rules.ARGUMENT_MISFIT, called({"path": None})),
    ("a number in the list", rules.ARGUMENT_MISFIT, called({"path": "a", "parts": ["a", 1]})),
    ("not one of them", rules.ARGUMENT_MISFIT, called({"path": "a", "mode": "x"})),
    ("misfit as text", rules.ARGUMENT_MISFIT, called('{"lines": 1}')),
    ("a schema elsewhere", rules.ARGUMENT_MISFIT, called({"path": "a"}, ELSEWHERE)),
    ("an argument beside", rules.ARGUMENT_OUTSIDE, called({"path": "a", "depth": 1})),
    ("beside a closed schema", rules.ARGUMENT_OUTSIDE, called({"path": "a", "b": 1}, CLOSED)),
    ("of a tool without any", rules.ARGUMENT_OUTSIDE, called({"path": "a"}, tool({}))),
]

SOUND: list[tuple[str, Any]] = [
    ("a conversation with calls", HEALTHY),
    ("shortest", chat(U, A)),
    ("with a system prompt", chat(S, U, A, U, A)),
    ("spaces between everything", json.dumps(HEALTHY, indent=1).replace("\n", " ").encode()),
    ("escapes", json.dumps(chat(said("user", 'é: "\u2028"\n\\'), A), ensure_ascii=True).encode()),
    ("carriage return", json.dumps(chat(U, A)).encode() + b"\r"),
    ("text", {"text": "plain words"}),
    ("ChatML", texts("system: s", "user: a", "assistant: b")),
    ("ChatML with a call as text", texts("user: a", "assistant: <tool_call>x</tool_call>")),
    ("prompt and completion", {"prompt": "a", "completion": "b", "tools": [READ]}),
    ("text parts", chat(said("user", [{"type": "text", "text": "a"}]), A)),
    ("other keys", chat(U, A, id=3, source="s:1", meta={"a": [1.5, None]})),
    ("reasoning beside content", chat(U, A | {"reasoning_content": "r"})),
    ("null tools without calls", chat(U, A, tools=None)),
    ("tools without calls", chat(U, A, **TOOLS)),
    ("call in the last message", chat(U, CALL, **TOOLS)),
    ("call beside text", chat(U, calling(call(), content="I look."), RESULT, A, **TOOLS)),
    ("content null beside a call", chat(U, calling(call(), content=None), RESULT, A, **TOOLS)),
    ("no content beside a call", chat(U, {"role": "assistant", "tool_calls": [call()]}, **TOOLS)),
    ("two calls", chat(U, TWO, RESULT, OTHER, A, **TOOLS)),
    ("results in another order", chat(U, TWO, OTHER, RESULT, A, **TOOLS)),
    (
        "another order by name",
        chat(
            U,
            calling(BARE_CALL, {"function": {"name": "list_files", "arguments": {}}}),
            {"role": "tool", "name": "list_files", "content": "a"},
            {"role": "tool", "name": "read_file", "content": "b"},
            A,
            **TOOLS,
        ),
    ),
    (
        "calls without ids",
        chat(U, calling(BARE_CALL, BARE_CALL), said("tool", "a"), said("tool", "b"), A, **TOOLS),
    ),
    (
        "a call without its wrapper",
        chat(U, calling({"name": "list_files", "arguments": {}}), **TOOLS),
    ),
    ("a tool without its wrapper", chat(U, CALL, tools=[READ["function"]])),
    (
        "no parameters",
        chat(U, calling(call({})), tools=[{"type": "function", "function": {"name": "read_file"}}]),
    ),
    ("all kinds of arguments", called({"path": "a", "lines": 3, "parts": ["a"], "mode": "text"})),
    ("a whole number as float", called({"path": "a", "lines": 3.0})),
    ("an object in arguments", called({"o": {"a": 1}, "l": [1, 2]}, NESTED)),
    ("JSON in a text argument", called({"path": '{"a": 1}'})),
    (
        "open schema",
        called({"path": "a", "b": 1}, tool({"type": "object", "additionalProperties": True})),
    ),
    ("result is JSON", chat(U, CALL, result('{"a": [1]}'), A, **TOOLS)),
    ("a quoted word", chat(U, said("assistant", '"b"'))),
    (
        "angle brackets",
        chat(U, said("assistant", "a <b> c | <c|d> <tool_call> <think> [a] [ARGS]")),
    ),
    ("deep, but not too deep", b'{"text": "a", "n": ' + b"[" * 190 + b"]" * 190 + b"}"),
    ("many lists side by side", chat(U, A, meta=[[[]]] * 300)),
    ("one of the words", called({"path": "a", "mode": "bytes"})),
    ("one key in two objects", chat(U, A, meta={"role": 1, "content": 2})),
]


def codes(value: Any) -> list[str]:
    """Return the codes of what the rules find in a row."""
    return [fault.rule.code for fault in row_faults(row(value))]


@pytest.mark.parametrize(
    ("rule", "value"),
    [pytest.param(rule, value, id=f"{rule.code}: {name}") for name, rule, value in BROKEN],
)
def test_a_broken_row_is_named(rule: Rule, value: Any) -> None:
    """The rule is among the findings, it has a remedy, and the quick answer does not hide it."""
    assert rule.code in codes(value)
    assert rule.remedy
    assert not surely_sound(row(value))


@pytest.mark.parametrize("value", [pytest.param(value, id=name) for name, value in SOUND])
def test_a_healthy_row_has_no_findings(value: Any) -> None:
    """Not even a warning."""
    assert codes(value) == []


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(HEALTHY, id="calls"),
        pytest.param(chat(S, U, A), id="chat"),
        pytest.param(chat(U, TWO, OTHER, RESULT, A, **TOOLS), id="another order"),
        pytest.param(chat(U, CALL, **TOOLS, id=1, source="a:b", category="c"), id="other keys"),
        pytest.param(called({"path": "a", "parts": ["b:c"], "mode": "text"}), id="lists and words"),
        pytest.param(chat(U, calling(BARE_CALL), said("tool", "a"), A, **TOOLS), id="no ids"),
        pytest.param(chat(U, A, metadata={"a:b": [1, {"c": "d: e"}], "n": None}), id="metadata"),
        pytest.param(chat(U, A, id=7, meta=[1.5], source={"file": "a.py"}), id="nested keys"),
        pytest.param(chat(said("user", "“a”"), said("assistant", " é <b> [c]")), id="odd starts"),
    ],
)
def test_common_rows_get_the_quick_answer(value: Any) -> None:
    """Otherwise it would be of no use."""
    assert surely_sound(row(value))
    assert surely_sound(row(json.dumps(value, separators=(",", ":")).encode()))


LINES = [row(value).raw for _, _, value in BROKEN] + [row(value).raw for _, value in SOUND]
"""Rows, broken and healthy."""
_A_CHAT = json.dumps(chat(U, A), separators=(",", ":")).encode()
ODD_LINES = [b"", b" ", _A_CHAT * 2, _A_CHAT + b" " + _A_CHAT, b" " + _A_CHAT, _A_CHAT + b"\r"]
ODD_LINES += [_A_CHAT[:at] for at in (1, 12, 40)] + [_A_CHAT[at:] for at in (1, 12, 40)]
ODD_LINES += [_A_CHAT.replace(b":", b"\\u003a"), _A_CHAT.replace(b"{", b'{"role":1,', 1)]


@given(
    st.lists(st.sampled_from(LINES + ODD_LINES) | st.just(row(HEALTHY).raw), max_size=40),
    st.booleans(),
)
def test_rows_that_are_judged_together_hide_nothing(lines: list[bytes], ended: bool) -> None:
    """Whatever stands beside a row, its answer is the one that it gets alone, and right."""
    lines = [line for line in lines if b"\n" not in line]
    block = b"\n".join(lines) + b"\n" * (ended or not (lines and lines[-1])) * bool(lines)
    known = judged(block)
    assert len(known) == len(lines)
    for count, line in zip(known, lines, strict=True):
        one = row(line)
        assert bool(count) == surely_sound(one)
        assert not count or (not list(row_faults(one)) and count == len(one.value["messages"]))
    for count, line in zip(judged(block, only_read=True), lines, strict=True):
        assert not count or (
            not row(line).unreadable and count == len(parse_line(line)["messages"])
        )


@given(st.integers(1, len(row(HEALTHY).raw) - 1), st.booleans(), st.booleans())
def test_rows_that_are_broken_over_lines_are_no_rows(at: int, spaced: bool, first: bool) -> None:
    """Not even when another line holds two: `decode_lines` counts values, not lines."""
    raw = row(HEALTHY).raw
    broken = raw[:at] + b"\n" + raw[at:]
    joined = raw + b" " * spaced + raw
    lines = [joined, broken, raw] if first else [raw, broken, joined]
    assert list(judged(b"\n".join(lines))) == ([0, 0, 0, 5] if first else [5, 0, 0, 0])


def test_a_broken_row_among_many_is_the_only_one_asked_again() -> None:
    """The others keep the quick answer, whatever is wrong with it."""
    good = row(HEALTHY).raw
    for line in LINES[: len(BROKEN)]:
        if b"\n" not in line:
            assert list(judged(b"\n".join([good] * 9 + [line] + [good] * 9))) == (
                [5] * 9 + [0] + [5] * 9
            )


def test_every_rule_of_rows_has_a_broken_row() -> None:
    """Also those that are added later."""
    of_files = {
        rules.BYTE_ORDER_MARK,
        rules.MISSING_TRAIN,
        rules.MISSING_SPLIT,
        rules.EMPTY_SPLIT,
        rules.SPLIT_NAME,
        rules.MANIFEST_MISMATCH,
        rules.MIXED_FORMATS,
    }
    known = {value for value in vars(rules).values() if isinstance(value, Rule)}
    known |= set(rules.UNREADABLE.values())
    assert {rule for _, rule, _ in BROKEN} == known - of_files
    assert len({rule.code for rule in known}) == len(known)


def test_what_may_be_is_a_warning() -> None:
    """The other rules are errors."""
    known = [value for value in vars(rules).values() if isinstance(value, Rule)]
    assert {rule.code for rule in known if rule.severity is Severity.WARNING} == {
        "argument-outside-schema",
        "arguments-as-text",
        "duplicate-tool",
        "empty-result",
        "manifest-mismatch",
        "missing-split",
        "split-name",
        "user-after-result",
    }


PIECES = [S, U, A, CALL, RESULT, TWO, OTHER, result(""), said("tool", "x"), calling(BARE_CALL)]
PIECES += [said("assistant", text) for text in ("", " ", "</s>", '"a"', "a: b", "[INST]", None)]
PIECES += [calling(call({"path": text}, key="c4")) for text in ("<\uff5c\n\uff5c>", "a: [/INST]")]
PIECES += [said("user", text) for text in ("\u3000", "\xa0", '"{}"', "\uff5c>", "!", "¿a?")]
PIECES += [calling(call({"path": "a", "lines": value}, key="c3")) for value in (1, "1", [1], None)]
PIECES += [{"role": "assistant"}, {"role": "tool", "content": "y", "name": "read_file"}]
MESSAGES = st.lists(st.sampled_from(PIECES), max_size=7)
OFFERED = st.sampled_from([[READ, LIST], [READ], [], None, [READ, READ], [tool({"type": "str"})]])


EXTRA = st.dictionaries(
    st.sampled_from(["id", "source", "category", "metadata", "meta", "text", "prompt", "note"]),
    st.sampled_from([1, "a:b", None, {"a": {"b:c": ["d:"]}}, [[[{}]]], "</s>", 10**30, 1e300]),
    max_size=3,
)


@given(MESSAGES, OFFERED, EXTRA, st.sampled_from([(",", ":"), (", ", ": ")]), st.booleans())
def test_the_quick_answer_never_hides_a_finding(
    messages: list[Any],
    tools: Any,
    extra: dict[str, Any],
    separators: tuple[str, str],
    ascii_only: bool,
) -> None:
    """Whatever order of messages, good or bad."""
    value = chat(*messages, tools=tools, **extra)
    raw = json.dumps(value, separators=separators, ensure_ascii=ascii_only).encode()
    one = row(raw)
    assert not surely_sound(one) or not list(row_faults(one))


@given(
    st.integers(0, 400),
    st.sampled_from([b'"a":1,', b'"a": 1, ', b'"role":"user",', b'"a\\u003a":1,']),
)
def test_a_key_put_anywhere_is_not_hidden(position: int, piece: bytes) -> None:
    """Where the row stays JSON and a key stands twice, the quick answer is no."""
    raw = json.dumps(HEALTHY).encode()
    at = raw.find(b"{", position % len(raw)) + 1
    one = row(raw[:at] + piece + piece + raw[at:])
    assert not surely_sound(one)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=4)
    | st.sampled_from([U, CALL, RESULT]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "tool_calls",
                    "function",
                    "name",
                    "arguments",
                    "id",
                    "type",
                    "tool_call_id",
                    "parameters",
                    "text",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from(["messages", "tools", "text", "prompt", "completion"]), JUNK)
)
def test_no_row_is_too_strange(value: dict[str, Any]) -> None:
    """The rules find something or nothing; they never raise."""
    one = row(value)
    found = list(row_faults(one))
    assert not surely_sound(one) or not found


PIECES = [
    b'"',
    b"\\",
    b":",
    b"{",
    b"]",
    b"0",
    b"\x00",
    b"\xff",
    b" ",
    b",",
    b'"role":"user",',
    b"<s>",
]
PIECES += [b"<|im_end|>", b"[/INST]", b"\\u003c|im_end|>", b"\\u003a", b"\\ud800", b"NaN", b"\\n"]


@given(
    st.sampled_from(LINES) | st.just(row(HEALTHY).raw),
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.integers(0, 12) | st.just(0),
            st.sampled_from(PIECES) | st.just(b""),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_a_changed_row_is_judged_alike_with_and_without_the_quick_answer(
    raw: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    """Whatever is cut out of a row with any fault, or put into it: same verdict, same reason."""
    for place, cut, piece in edits:
        at = int(place * len(raw))
        raw = raw[:at] + piece + raw[at + cut :]
    quick, careful = row(raw), row(raw)
    careful.sound = False
    if quick.unreadable or careful.unreadable:
        assert quick.unreadable == careful.unreadable
    else:
        assert ValidRows().judge(quick) == ValidRows().judge(careful)
        assert quick.message_count == careful.message_count
    if b"\n" not in raw:
        good = row(HEALTHY).raw
        known = judged(b"\n".join([good, raw, good]))
        assert known[0] == known[2] == len(HEALTHY["messages"])
        assert not known[1] or not list(row_faults(careful))


def test_each_rule_is_found_behind_the_quick_answer() -> None:
    """An error takes the row out, a warning does not; the healthy row stays."""
    assert ValidRows().judge(row(HEALTHY)) == KEPT
    for _, rule, value in BROKEN:
        verdict = ValidRows().judge(row(value))
        assert (verdict == KEPT) == all(
            fault.rule.severity is not Severity.ERROR for fault in row_faults(row(value))
        )
        if rule.severity is Severity.ERROR:
            assert isinstance(verdict, Removed)
