"""Lines are bytes between line feeds, and what stops the trainer is named with its place."""

from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.lines import digest, read_lines


def test_lines_are_kept_byte_for_byte(tmp_path: Path) -> None:
    """Line separators inside a string do not end a line, and nothing is decoded."""
    path = tmp_path / "train.jsonl"
    raw = '{"text": "a\u2028b"}\r'.encode()
    path.write_bytes(raw + b"\n" + b'{"text": "last"}')
    assert [(line.number, line.raw) for line in read_lines(path)] == [
        (1, raw),
        (2, b'{"text": "last"}'),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b'{"a": 1}\n\n{"a": 2}\n', "train.jsonl:2: blank line", id="blank"),
        pytest.param(b'{"a": 1}\n  \t\n', "train.jsonl:2: blank line", id="spaces"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}\n', "byte order mark", id="byte order mark"),
    ],
)
def test_what_stops_the_trainer_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    """The message holds file, line and cause."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        list(read_lines(path))


def test_a_missing_file_is_an_error_in_words(tmp_path: Path) -> None:
    """No traceback of OSError reaches the user."""
    with pytest.raises(DatasetError, match="cannot be read"):
        list(read_lines(tmp_path / "nowhere.jsonl"))


def test_digest_follows_content(tmp_path: Path) -> None:
    """The same content gives the same hash, one changed byte another."""
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"{}\n")
    first = digest((path,))
    assert digest((path,)) == first
    path.write_bytes(b"{} \n")
    assert digest((path,)) != first
