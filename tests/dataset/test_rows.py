"""Rows are the bytes between line feeds, all of them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import Split
from punie_train.dataset.json_lines import UnreadableLineError
from punie_train.dataset.rows import read_split_rows, row_of, starts_with_mark

MARK = b"\xef\xbb\xbf"


def split(path: Path) -> Split:
    """Return a file as a split."""
    return Split(name="train", path=path)


@given(st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b" ")), max_size=8))
def test_every_line_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    """Blank lines, carriage returns and bytes that are no text among them."""
    path = tmp_path_factory.mktemp("rows") / "train.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    rows = list(read_split_rows(split(path)))
    first = [line.removeprefix(MARK) for line in lines[:1]]
    assert [row.raw for row in rows] == first + lines[1:]
    assert [row.line for row in rows] == list(range(1, len(lines) + 1))


def test_the_last_line_needs_no_line_feed(tmp_path: Path) -> None:
    """It is a row like the others."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "b"}')
    assert [row.value["text"] for row in read_split_rows(split(path))] == ["a", "b"]


def test_lines_longer_than_a_block_are_whole(tmp_path: Path) -> None:
    """Nothing is cut where a block ends."""
    path = tmp_path / "train.jsonl"
    long = b'{"text": "' + b"x" * 3_000_000 + b'"}'
    path.write_bytes(long + b"\n{}\n")
    assert [row.raw for row in read_split_rows(split(path))] == [long, b"{}"]


def test_a_byte_order_mark_belongs_to_the_file(tmp_path: Path) -> None:
    """The first row is read without it."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(MARK + b'{"text": "a"}\n')
    assert starts_with_mark(path)
    assert next(read_split_rows(split(path))).raw == b'{"text": "a"}'


def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    """No traceback of OSError reaches the user."""
    with pytest.raises(DatasetError, match="cannot be read"):
        list(read_split_rows(split(tmp_path / "nowhere.jsonl")))


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        pytest.param(b'{"messages": [{"role": "user", "content": "a"}]}', 1, id="messages"),
        pytest.param(b'{"messages": [1, 2], "x": 1}', 2, id="odd messages"),
        pytest.param(b'{"messages": "ab"}', 0, id="no list"),
        pytest.param(b'{"prompt": "a", "completion": "b"}', 2, id="completion"),
        pytest.param(b'{"text": "<|im_start|>a\\nb<|im_end|><|im_start|>"}', 2, id="ChatML"),
        pytest.param(b'{"text": "words"}', 1, id="text"),
        pytest.param(b"{}", 0, id="nothing"),
    ],
)
def test_messages_are_counted_in_every_format(raw: bytes, number: int) -> None:
    """Whoever speaks counts."""
    row = row_of(raw, split(Path("x")), 1)
    assert (row.message_count, type(row.message_count)) == (number, int)
    assert row.unreadable is None


PLAIN = b'{"tools":[{"a":{"b":[1,2.0]}}],"messages":[{"content":"x","role":"user"}],"id":7}'


@pytest.mark.parametrize(
    "raw",
    [PLAIN, b'{"messages":[{"role":"user","content":"x"}]}', b'{"text":"a","tools":[1]}'],
    ids=["plain with tools", "plain without", "not plain"],
)
def test_the_shared_value_is_the_value(raw: bytes) -> None:
    """Keys stand in the order of the line."""
    place = split(Path("train.jsonl"))
    shared, value = row_of(raw, place, 1).shared_value, row_of(raw, place, 1).value
    assert json.dumps(shared) == json.dumps(value)


def test_equal_tools_are_one_object() -> None:
    """Rows that offer the same share them; a value of one's own does not."""
    place = split(Path("train.jsonl"))
    first, second = row_of(PLAIN, place, 1), row_of(PLAIN, place, 2)
    assert first.shared_value["tools"] is second.shared_value["tools"]
    assert row_of(PLAIN, place, 3).value["tools"] is not first.value["tools"]


def test_an_unreadable_line_has_no_shared_value() -> None:
    """As it has no value."""
    with pytest.raises(UnreadableLineError):
        _ = row_of(b"{", split(Path("train.jsonl")), 1).shared_value
