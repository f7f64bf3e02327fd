"""What a row teaches: conversation in, answer out."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.messages import Message, ToolCall
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.splits import read_split
from punie_train.dataset.taught_turns import taught_turn

TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
CALL = {"type": "function", "function": {"name": "f", "arguments": {"x": 1}}}


def _turn(tmp_path: Path, row: dict[str, Any]) -> Any:
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(row) + "\n")
    (example,) = read_split(path)
    return taught_turn(example)


def test_the_last_assistant_turn_is_taught(tmp_path: Path) -> None:
    """What comes before it is given, what comes after it is no matter."""
    turn = _turn(
        tmp_path,
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "", "tool_calls": [CALL]},
                {"role": "tool", "name": "f", "content": "1"},
                {"role": "assistant", "content": [{"type": "text", "text": "done"}]},
                {"role": "user", "content": "b"},
            ],
            "tools": [TOOL],
        },
    )
    one = ToolCall(name="f", arguments={"x": 1})
    assert turn.given == (
        Message(role="user", content="a"),
        Message(role="assistant", tool_calls=(one,)),
        Message(role="tool", name="f", content="1"),
    )
    assert (turn.text, turn.calls, turn.line) == ("done", (), 1)
    assert [tool.name for tool in turn.tools] == ["f"]


def test_prompt_and_completion(tmp_path: Path) -> None:
    """The completion is text, whatever is in it."""
    turn = _turn(tmp_path, {"prompt": "a", "completion": "b"})
    assert (turn.given, turn.text) == ((Message(role="user", content="a"),), "b")


def test_text_rows_name_no_turns(tmp_path: Path) -> None:
    """Nobody knows where the prompt ends."""
    assert _turn(tmp_path, {"text": "<|im_start|>user"}) is None


def test_tools_that_are_none_are_refused_with_their_line(tmp_path: Path) -> None:
    """The model could not be asked as it was taught."""
    row = {"messages": [{"role": "assistant", "content": "x"}], "tools": [{"type": "function"}]}
    with pytest.raises(DatasetError, match=r"train.jsonl:1.*tool 1 has no function"):
        _turn(tmp_path, row)
