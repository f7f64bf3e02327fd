"""A dataset appears whole, and what the disk refuses is said in words."""

from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.workflows.dataset_output import dataset_output, write_facts


def test_a_report_that_cannot_be_written_leaves_no_dataset(tmp_path: Path) -> None:
    """One message and nothing behind; where it can be written it is there."""
    with pytest.raises(DatasetError, match=r"report.json cannot be written .* the new dataset"):
        _write_below_a_file(tmp_path / "out")
    assert not list(tmp_path.iterdir())
    with dataset_output(tmp_path / "out", force=False) as work:
        write_facts(work / "report.json", {"read": 1})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.json"]


def _write_below_a_file(path: Path) -> None:
    with dataset_output(path, force=False) as work:
        (work / "taken").write_text("no directory")
        write_facts(work / "taken" / "report.json", {})
