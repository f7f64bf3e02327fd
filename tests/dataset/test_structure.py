"""What a chat template or the trainer would crash on is refused with its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import Example, read_example
from punie_train.dataset.lines import Line
from punie_train.dataset.structure import check_same_format, check_structure

USER = {"role": "user", "content": "hi"}
REPLY = {"role": "assistant", "content": "hello"}


def example(row: dict[str, Any], number: int = 3) -> Example:
    """Return the example of a row."""
    raw = json.dumps(row).encode()
    return read_example(Line(path=Path("train.jsonl"), number=number, raw=raw))


def call(arguments: object) -> dict[str, Any]:
    """Return an assistant message with one call."""
    function = {"name": "read_file", "arguments": arguments}
    return {"role": "assistant", "tool_calls": [{"type": "function", "function": function}]}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"messages": [USER, REPLY]}, id="chat"),
        pytest.param({"messages": [USER, call({"path": "a"})], "tools": [{}]}, id="call"),
        pytest.param({"messages": [REPLY], "tools": None}, id="no tools"),
        pytest.param({"text": "a"}, id="text"),
        pytest.param({"prompt": "a", "completion": "b"}, id="completion"),
        pytest.param(
            {"messages": [USER, {"role": "assistant", "tool_calls": [{"name": "f"}]}]},
            id="flat call",
        ),
    ],
)
def test_a_usable_row_passes(row: dict[str, Any]) -> None:
    """Healthy rows raise nothing."""
    check_structure(example(row))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({"text": ""}, "`text` is empty", id="empty text"),
        pytest.param({"text": 5}, "`text` is a JSON int", id="text is a number"),
        pytest.param({"prompt": "a", "completion": None}, "`completion` is missing", id="null"),
        pytest.param({"messages": []}, "`messages` is empty", id="no messages"),
        pytest.param({"messages": "a"}, "`messages` is a JSON str", id="messages is text"),
        pytest.param({"messages": ["a"]}, "message 1 is a JSON str", id="message is text"),
        pytest.param({"messages": [{"role": "bot"}]}, "role 'bot'", id="role"),
        pytest.param({"messages": [USER]}, "no message of the assistant", id="no reply"),
        pytest.param(
            {"messages": [USER, {"role": "assistant"}]}, "neither content nor calls", id="empty"
        ),
        pytest.param(
            {"messages": [{"role": "assistant", "content": 1}]}, "`content` is", id="content"
        ),
        pytest.param(
            {"messages": [{"role": "assistant", "tool_calls": {}}]}, "`tool_calls` is", id="calls"
        ),
        pytest.param(
            {"messages": [{"role": "assistant", "tool_calls": [{"function": {}}]}]},
            "a call without a name",
            id="nameless call",
        ),
        pytest.param({"messages": [call([])]}, "are empty", id="arguments are a list"),
        pytest.param({"messages": [REPLY], "tools": "x"}, "`tools` is", id="tools"),
    ],
)
def test_an_unusable_row_is_refused(row: dict[str, Any], message: str) -> None:
    """The message names file, line and what is wrong."""
    with pytest.raises(DatasetError, match=message) as caught:
        check_structure(example(row))
    assert str(caught.value).startswith("train.jsonl:3: ")


def test_arguments_as_text_are_refused_by_name() -> None:
    """F39: the message shows how to write them."""
    with pytest.raises(DatasetError, match=r"JSON string.*F39"):
        check_structure(example({"messages": [USER, call('{"path": "a"}')]}))


def test_one_format_is_returned() -> None:
    """Rows of one format are fine."""
    rows = [example({"text": "a"}), example({"text": "b"})]
    assert check_same_format(rows) is rows[0].format


def test_mixed_formats_are_refused_at_the_first_other_row() -> None:
    """F34: the trainer would read every row as the first."""
    rows = [example({"text": "a"}, 1), example({"messages": [REPLY]}, 2)]
    with pytest.raises(DatasetError, match=r"train.jsonl:2: a row with messages.*F34"):
        check_same_format(rows)
