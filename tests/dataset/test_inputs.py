"""What can be read is a directory with splits, a directory with one file, or a file."""

import os
from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.splits import find_splits


def make(directory: Path, *names: str) -> Path:
    """Return a directory with these files."""
    for name in names:
        (directory / name).write_text("{}\n")
    return directory


@pytest.mark.parametrize(
    ("files", "splits", "ignored"),
    [
        pytest.param(["train.jsonl", "test.jsonl"], ["train", "test"], [], id="some splits"),
        pytest.param(["valid.jsonl"], ["valid"], [], id="no training"),
        pytest.param(["rows.jsonl"], ["train"], [], id="one file of another name"),
        pytest.param(["train.jsonl", "removed.jsonl"], ["train"], [], id="an operation's output"),
        pytest.param(["train.jsonl", "val.jsonl"], ["train"], ["val.jsonl"], id="a stray file"),
        pytest.param(["train.jsonl", "a.jsonl.gz"], ["train"], ["a.jsonl.gz"], id="a packed file"),
    ],
)
def test_splits_are_found(
    tmp_path: Path, files: list[str], splits: list[str], ignored: list[str]
) -> None:
    """What is not read is known."""
    data = open_dataset(make(tmp_path, *files))
    assert [split.name for split in data.splits] == splits
    assert [path.name for path in data.ignored] == ignored


def test_a_file_is_a_training_split(tmp_path: Path) -> None:
    """It has no other splits that could be missing."""
    data = open_dataset(make(tmp_path, "rows.jsonl") / "rows.jsonl")
    assert [split.name for split in data.splits] == ["train"]
    assert not data.is_directory


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param([], "there are no rows to read", id="empty"),
        pytest.param(["a.jsonl", "b.jsonl"], "Give one of a.jsonl, b.jsonl", id="not clear"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, files: list[str], message: str) -> None:
    """The message names what is there."""
    with pytest.raises(DatasetError, match=message):
        open_dataset(make(tmp_path, *files))


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    """The message names it; what is there but cannot be opened twice is not called missing."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DatasetError, match="pipe is neither a directory nor a file"):
        open_dataset(tmp_path / "pipe")
    with pytest.raises(DatasetError, match="nowhere does not exist"):
        open_dataset(tmp_path / "nowhere")


def test_a_split_that_is_no_file_is_refused(tmp_path: Path) -> None:
    """Its rows are not left out without a word; a link to a file is one."""
    rows = make(tmp_path, "train.jsonl", "rows.jsonl") / "rows.jsonl"
    (tmp_path / "valid.jsonl").symlink_to(rows)
    assert [split.name for split in open_dataset(tmp_path).splits] == ["train", "valid"]
    assert find_splits(tmp_path).valid is not None
    rows.unlink()
    for find in (open_dataset, find_splits):
        with pytest.raises(DatasetError, match=r"valid\.jsonl is a link that leads to no file"):
            find(tmp_path)
    (tmp_path / "valid.jsonl").unlink()
    (tmp_path / "test.jsonl").mkdir()
    with pytest.raises(DatasetError, match=r"test\.jsonl is a directory"):
        open_dataset(tmp_path)


def test_a_manifest_is_read_or_refused(tmp_path: Path) -> None:
    """A broken one is not silently dropped: it says where the rows come from."""
    data = open_dataset(make(tmp_path, "train.jsonl"))
    assert data.manifest == {}
    (tmp_path / "manifest.json").write_text('{"licence": "MIT"}')
    assert data.manifest == {"licence": "MIT"}
    (tmp_path / "manifest.json").write_text("[")
    with pytest.raises(DatasetError, match=r"manifest\.json is no JSON object"):
        _ = data.manifest
