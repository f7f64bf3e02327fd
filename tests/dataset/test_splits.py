"""A dataset is a directory with splits, or one file."""

from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.splits import find_splits, read_split


def test_a_directory_holds_up_to_three_splits(tmp_path: Path) -> None:
    """Validation and test may be missing; training reads two of them."""
    for name in ("train", "valid"):
        (tmp_path / f"{name}.jsonl").write_text('{"text": "a"}\n')
    files = find_splits(tmp_path)
    assert files.test is None
    assert [path.name for path in files.used_in_training] == ["train.jsonl", "valid.jsonl"]
    assert len(read_split(files.train)) == 1


def test_a_file_is_a_training_split(tmp_path: Path) -> None:
    """A single file is accepted as input."""
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n')
    assert find_splits(path).used_in_training == (path,)


def test_a_missing_directory_is_refused(tmp_path: Path) -> None:
    """The message names the path."""
    with pytest.raises(DatasetError, match="nowhere does not exist"):
        find_splits(tmp_path / "nowhere")


def test_a_directory_without_training_rows_is_refused(tmp_path: Path) -> None:
    """The message names what is there instead."""
    (tmp_path / "training.jsonl").write_text("")
    with pytest.raises(DatasetError, match=r"no train.jsonl.*training.jsonl"):
        find_splits(tmp_path)
