"""Files of rows are whole, counted and hashed."""

import hashlib
from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.row_files import PIECE, RowFile


def test_rows_are_written_hashed_and_counted(tmp_path: Path) -> None:
    """Also when they fill several pieces."""
    rows = [bytes([65 + at % 26]) * (PIECE // 3) for at in range(20)]
    with RowFile(tmp_path / "train.jsonl") as file:
        for row in rows:
            file.add(row)
    written = (tmp_path / "train.jsonl").read_bytes()
    assert written == b"".join(row + b"\n" for row in rows)
    assert file.to_json() == {"rows": 20, "sha256": hashlib.sha256(written).hexdigest()}


def test_rows_can_be_added_together(tmp_path: Path) -> None:
    """They count one by one."""
    with RowFile(tmp_path / "train.jsonl") as file:
        file.add(b"a")
        file.add(b"b\nc", 2)
        file.add(b"d" * PIECE)
    assert (tmp_path / "train.jsonl").read_bytes() == b"a\nb\nc\n" + b"d" * PIECE + b"\n"
    assert file.rows == 4


def test_a_file_without_rows_is_empty(tmp_path: Path) -> None:
    """And there."""
    with RowFile(tmp_path / "removed.jsonl") as file:
        pass
    assert (tmp_path / "removed.jsonl").read_bytes() == b""
    assert file.rows == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_in_words() -> None:
    """F56: the message names the file and what to do."""
    with (
        pytest.raises(DatasetError, match=r"full cannot be written.*F56"),
        RowFile(Path("/dev/full")) as file,
    ):
        file.add(b"x" * 2 * PIECE)


def test_a_place_that_does_not_exist_is_said_in_words(tmp_path: Path) -> None:
    """No traceback of OSError reaches the user."""
    with pytest.raises(DatasetError, match="cannot be written"):
        RowFile(tmp_path / "nowhere" / "train.jsonl")
