"""Conversions lose nothing: they can be undone, or are refused with a reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.dataset.chatml_rows import to_messages, to_text
from punie_train.dataset.conversions import NotConvertedError
from punie_train.dataset.converted_rows import ConvertedRows, RowFormat
from punie_train.dataset.inputs import Split
from punie_train.dataset.operations import KEPT, Changed, Removed, Verdict
from punie_train.dataset.rows import row_of
from punie_train.toolcalls.parse import parse

TRAIN = Split(name="train", path=Path("train.jsonl"))
CHATML = (
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n Hi\n\n<|im_end|>\n"
    "<|im_start|>assistant\n\u2713 <b> done<|im_end|>"
)
FENCED = 'I look.\n\n```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```\nThen more.'
FORMAT_B = '<tool_call>\nresult = pytest_run("tests/")\nprint(result.passed)\n</tool_call>'


def judged(raw: bytes, target: RowFormat) -> Verdict:
    """Return what the conversion says of a line."""
    return ConvertedRows(target).judge(row_of(raw, TRAIN, 1))


def converted(value: dict[str, Any], target: RowFormat) -> dict[str, Any]:
    """Return the converted row; fails where it was kept or removed."""
    verdict = judged(json.dumps(value).encode(), target)
    assert isinstance(verdict, Changed), verdict
    return json.loads(verdict.raw)


def refusal(value: dict[str, Any], target: RowFormat) -> str:
    """Return the reason for which a row is removed; fails where it is not."""
    verdict = judged(json.dumps(value).encode(), target)
    assert isinstance(verdict, Removed), verdict
    return verdict.reason


def chat(answer: str, **keys: Any) -> dict[str, Any]:
    """Return a row of a question and an answer."""
    messages = [{"role": "user", "content": "Q"}, {"role": "assistant", "content": answer}]
    return {"messages": messages, **keys}


def answer_of(row: dict[str, Any]) -> str:
    """Return the text of the last message."""
    return row["messages"][-1]["content"]


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escapes", "utf-8"])
@pytest.mark.parametrize("separators", [(", ", ": "), (",", ":")], ids=["spaced", "compact"])
@pytest.mark.parametrize("end", ["", "\n", " \n\n"], ids=["no-end", "line-feed", "spaces"])
def test_a_text_comes_back_byte_for_byte(
    ascii_only: bool, separators: tuple[str, str], end: str
) -> None:
    """Through messages, in the same style of JSON, with every other key in its place."""
    value = {"id": 7, "text": CHATML + end, "category": "x"}
    raw = json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode()
    there = judged(raw, RowFormat.MESSAGES)
    assert isinstance(there, Changed)
    row = json.loads(there.raw)
    assert list(row)[:3] == ["id", "messages", "category"]
    assert [message["role"] for message in row["messages"]] == ["system", "user", "assistant"]
    assert row["messages"][1]["content"] == " Hi\n\n"
    assert judged(there.raw, RowFormat.TEXT) == Changed(raw)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["system", "user", "assistant", "tool"]),
            st.text(st.characters(codec="utf-8")) | st.sampled_from(["<|im_end", "a<|im_end|>b"]),
        ),
        min_size=1,
    )
)
def test_messages_come_back_or_are_refused(turns: list[tuple[str, str]]) -> None:
    """Whatever the content is, no text is written that would be read as other messages."""
    row = {"messages": [{"role": role, "content": content} for role, content in turns]}
    try:
        text = to_text(row)
    except NotConvertedError as error:
        assert "<|im_" in str(error)  # noqa: PT017 - success is the other branch
        return
    assert to_messages(text) == row


@pytest.mark.parametrize(
    ("value", "target", "reason"),
    [
        ({"text": "no turns"}, RowFormat.MESSAGES, "no ChatML turns"),
        ({"text": CHATML + "x"}, RowFormat.MESSAGES, "no whole ChatML turn at character"),
        ({"text": CHATML[:-10]}, RowFormat.MESSAGES, "no whole ChatML turn at character"),
        ({"text": "<|im_start|>bot\nx<|im_end|>"}, RowFormat.MESSAGES, "the role 'bot'"),
        ({"text": CHATML, "messages": []}, RowFormat.MESSAGES, "both messages and text"),
        ({"messages": "[]"}, RowFormat.MESSAGES, "no list of objects"),
        ({"x": 1}, RowFormat.MESSAGES, "the keys x"),
        (chat("a<|im_end|>"), RowFormat.TEXT, "holds <|im_end|>"),
        (chat("a", tools=[{"name": "f"}]), RowFormat.TEXT, "has tools"),
        ({"messages": [{"role": "user", "content": [1]}]}, RowFormat.TEXT, "a JSON list"),
        (
            {"messages": [{"role": "tool", "content": "x", "name": "f"}]},
            RowFormat.TEXT,
            "the key 'name'",
        ),
        (
            {"messages": [{"role": "assistant", "content": "", "tool_calls": [{}]}]},
            RowFormat.TEXT,
            "1 tool call outside of its text",
        ),
        (
            chat('```json\n{"name": "f", "arguments": {"a": \'x\'}}\n```'),
            RowFormat.FORMAT_A,
            "broken",
        ),
        (chat("<tool_call>nothing here</tool_call>"), RowFormat.FORMAT_A, "broken call"),
        (
            chat('{"name": "get-it", "arguments": {}}'),
            RowFormat.CODE_MODE,
            "'get-it' cannot be a name in Python",
        ),
        (
            chat('{"name": "f", "arguments": {"from": 1}}'),
            RowFormat.CODE_MODE,
            "'from' cannot be a name in Python",
        ),
        ({"text": FORMAT_B}, RowFormat.FORMAT_A, "no ChatML turns"),
    ],
)
def test_what_would_lose_something_is_removed(
    value: dict[str, Any], target: RowFormat, reason: str
) -> None:
    """The reason says what it is."""
    assert reason in refusal(value, target)


def test_prompt_and_completion_become_two_messages() -> None:
    """The other keys stay."""
    row = converted({"prompt": "Q", "completion": "A", "id": 1}, RowFormat.MESSAGES)
    assert row == {**chat("A"), "id": 1}


@pytest.mark.parametrize("target", list(RowFormat))
def test_rows_that_have_the_format_stay_byte_for_byte(target: RowFormat) -> None:
    """Odd spaces in the JSON and all; a second conversion changes nothing."""
    raw = b'{ "messages":[{"role":"user","content":"Q"} , {"role":"assistant","content":"A"}]}'
    if target is RowFormat.TEXT:
        raw = json.dumps({"text": CHATML}).replace(":", " :", 1).encode()
    assert judged(raw, target) is KEPT


def test_fenced_json_becomes_format_a_and_the_text_around_it_stays() -> None:
    """The call is that of the same tool, exactly as the template writes it."""
    answer = answer_of(converted(chat(FENCED), RowFormat.FORMAT_A))
    assert answer.startswith("I look.\n\n<tool_call>\n<function=read_file>")
    assert answer.endswith("</tool_call>\nThen more.")
    (found,) = parse(answer, AGENT_TOOLS).calls
    assert found.strict
    assert (found.call.name, found.call.arguments) == ("read_file", {"path": "a.py"})


def test_format_b_becomes_format_a() -> None:
    """Bare Python gets its wrapper, and stays the same code."""
    answer = answer_of(converted(chat(FORMAT_B), RowFormat.FORMAT_A))
    (found,) = parse(answer, AGENT_TOOLS).calls
    assert found.strict
    assert found.call.name == "execute_code"
    assert found.call.arguments == {"code": 'result = pytest_run("tests/")\nprint(result.passed)'}


@pytest.mark.parametrize("call", [FENCED, FORMAT_B], ids=["json", "python"])
@pytest.mark.parametrize("target", [RowFormat.FORMAT_A, RowFormat.CODE_MODE])
def test_converting_twice_changes_nothing_more(call: str, target: RowFormat) -> None:
    """What is converted has the format."""
    once = judged(json.dumps(chat(call)).encode(), target)
    assert isinstance(once, Changed)
    assert judged(once.raw, target) is KEPT


def test_calls_in_chatml_texts_are_converted_in_the_answers_only() -> None:
    """The user may quote a call."""
    text = (
        f"<|im_start|>user\n{FENCED}<|im_end|>\n<|im_start|>assistant\n{FENCED}<|im_end|>\n"
        "<|im_start|>user\nTool result: x<|im_end|>\n<|im_start|>assistant\nSo.<|im_end|>"
    )
    new = converted({"text": text}, RowFormat.FORMAT_A)["text"]
    question, answer = new.split("<|im_end|>\n")[:2]
    assert question.endswith(FENCED)
    assert "```" not in answer


def test_code_mode_calls_the_tool_with_the_same_values() -> None:
    """Strings with quotes and line feeds, numbers, null and lists keep their value."""
    arguments = {"path": "a\"'\\n\n.py", "n": 2**60, "deep": [None, True, 1.5]}
    call = json.dumps({"name": "read_file", "arguments": arguments})
    answer = answer_of(converted(chat(f"```json\n{call}\n```"), RowFormat.CODE_MODE))
    (found,) = parse(answer, AGENT_TOOLS).calls
    assert found.call.name == "execute_code"
    seen: list[dict[str, Any]] = []
    exec(  # noqa: S102 - code of this test
        found.call.arguments["code"],
        {"read_file": lambda **given: seen.append(given), "print": lambda _: None},
    )
    assert seen == [arguments]


def test_structured_calls_keep_ids_and_results_in_code_mode() -> None:
    """The tools become one, which declares them; results are those of `execute_code`."""
    tool = {
        "type": "function",
        "function": {
            "name": "look",
            "description": "Look.",
            "parameters": {
                "type": "object",
                "properties": {"where": {"type": "string", "description": "Place."}, "n": {}},
                "required": ["where"],
            },
        },
    }
    call = {
        "id": "c1",
        "type": "function",
        "function": {"name": "look", "arguments": {"where": "x"}},
    }
    messages = [
        {"role": "user", "content": "Q"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "name": "look", "content": "R"},
        {"role": "assistant", "content": "A"},
    ]
    row = converted({"messages": messages, "tools": [tool]}, RowFormat.CODE_MODE)
    (new,) = row["messages"][1]["tool_calls"]
    assert new["id"] == "c1"
    assert new["function"] == {
        "name": "execute_code",
        "arguments": {"code": "result = look(where='x')\nprint(result)"},
    }
    assert row["messages"][2] == {**messages[2], "name": "execute_code"}
    (offered,) = row["tools"]
    assert offered["function"]["name"] == "execute_code"
    assert (
        'def look(where: str, n: Any = ...):\n    """Look.\n    where: Place."""'
        in (offered["function"]["description"])
    )
    assert judged(json.dumps(row).encode(), RowFormat.CODE_MODE) is KEPT
    assert judged(json.dumps({"messages": messages}).encode(), RowFormat.FORMAT_A) is KEPT
