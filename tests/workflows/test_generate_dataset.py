"""`dataset generate` writes a dataset that validate and stats can read."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.stats import dataset_stats
from punie_train.dataset.validation import Validation
from punie_train.generate.kind import Kind
from punie_train.workflows.generate_dataset import generate_dataset

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})


def test_dataset_is_whole(tmp_path: Path) -> None:
    """Splits, manifest and counts agree, and validate finds nothing."""
    manifest = generate_dataset(Kind.WORKFLOWS, tmp_path / "made", count=60, seed=2)
    data = open_dataset(tmp_path / "made")
    assert not list(Validation(data).findings())
    assert json.loads((tmp_path / "made/manifest.json").read_text()) == manifest
    stats = dataset_stats(data)
    assert sum(split.rows for split in stats.values()) == 60
    assert stats["valid"].rows == stats["test"].rows == 6
    for name, split in stats.items():
        assert dict(split.categories) == manifest["files"][f"{name}.jsonl"]["categories"]
    calls = sum((split.calls for split in stats.values()), start=type(stats["train"].calls)())
    assert dict(calls) == manifest["tools"]["agent"]
    assert manifest["kind"] == "workflows"
    assert manifest["seed"] == 2


def test_same_seed_same_files(tmp_path: Path) -> None:
    """Everything that is written is decided by the arguments."""
    for name in ("one", "two"):
        generate_dataset(Kind.DIRECT, tmp_path / name, count=20, seed=5)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_suites_must_be_there(tmp_path: Path) -> None:
    """A wrong --against would silently protect nothing."""
    with pytest.raises(UsageError, match="is no directory"):
        generate_dataset(Kind.DIRECT, tmp_path / "made", count=5, seed=1, against=tmp_path / "none")
    assert not (tmp_path / "made").exists()


def test_no_rows_are_refused(tmp_path: Path) -> None:
    """Nothing is not a dataset."""
    with pytest.raises(UsageError, match="0 rows"):
        generate_dataset(Kind.DIRECT, tmp_path / "made", count=0, seed=1)


def test_command_says_what_it_made(tmp_path: Path) -> None:
    """Counts, splits, and the next command; a second run does not overwrite."""
    arguments = ["dataset", "generate", "tool-calling", "--output", str(tmp_path / "made")]
    done = RUNNER.invoke(app, [*arguments, "--count", "20", "--seed", "3"])
    assert done.exit_code == 0, done.output
    assert "20 rows of kind tool-calling" in done.output
    assert "train 16, valid 2, test 2" in done.output
    again = RUNNER.invoke(app, arguments)
    assert isinstance(again.exception, UsageError)
    assert "is not empty" in str(again.exception)
