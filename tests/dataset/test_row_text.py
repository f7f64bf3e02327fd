"""Rows of all formats are taken as turns, and what differs without meaning is gone."""

import json
from typing import Any

import pytest

from punie_train.dataset.row_text import Part, conversation_text, row_parts, row_text

ARGUMENTS = {"path": "a.py", "line": 3}


def called(arguments: object, **more: Any) -> dict[str, Any]:
    """Return a row with one call."""
    call = {"type": "function", "function": {"name": "read", "arguments": arguments}, **more}
    return {"messages": [{"role": "assistant", "content": None, "tool_calls": [call]}]}


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        pytest.param(
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]},
            (Part("user", "hi"),),
            id="messages with parts",
        ),
        pytest.param(
            {"prompt": "hi", "completion": "ho"},
            (Part("user", "hi"), Part("assistant", "ho")),
            id="prompt and completion",
        ),
        pytest.param(
            {"text": "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nho"},
            (Part("user", "hi"), Part("assistant", "ho")),
            id="ChatML, last turn cut off",
        ),
        pytest.param({"text": "just text"}, (Part("text", "just text"),), id="text"),
        pytest.param({"messages": "odd"}, (Part("text", "odd"),), id="messages is text"),
        pytest.param({"messages": [7]}, (Part("text", "7"),), id="message is a number"),
        pytest.param({}, (), id="nothing"),
    ],
)
def test_every_format_is_turns(row: dict[str, Any], parts: tuple[Part, ...]) -> None:
    """Also what no trainer reads gives text instead of a traceback."""
    assert row_parts(row) == parts


def test_the_same_call_is_the_same_text() -> None:
    """Order of keys, call ids, and arguments as a JSON string make no difference."""
    other = called(json.dumps(dict(reversed(ARGUMENTS.items()))), id="call_17")
    assert row_text(called(ARGUMENTS)) == row_text(other)


def test_another_argument_is_another_text() -> None:
    """What the call does decides; text that is no JSON object is kept as it is."""
    texts = {row_text(called(one)) for one in (ARGUMENTS, {"path": "b.py"}, "{cut", "[1]")}
    assert len(texts) == 4


def test_system_prompt_and_tools_are_no_conversation() -> None:
    """They are the same in many rows; the whole text of the row has them."""
    row = {
        "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hi"}],
        "tools": [{"type": "function", "function": {"name": "read"}}],
    }
    assert conversation_text(row) == "hi"
    assert "Be kind." in row_text(row)
    assert '"name":"read"' in row_text(row)


def test_what_is_nested_too_deeply_is_like_nothing_else() -> None:
    """No traceback, and no two such rows are taken for copies."""
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert row_text({"messages": deep}) != row_text({"messages": deep})
    assert row_text({"messages": [[[]]]}) == row_text({"messages": [[[]]]})
