"""Checks before a run: they warn, or refuse it."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.train_data import read_train_data
from punie_train.workflows.before_run import PlannedRun, check_before_run
from punie_train.workflows.plan_run import RunPlan

ROW = '{"prompt": "a", "completion": "b"}\n'


def planned(data: Path) -> PlannedRun:
    """Return a run on a directory."""
    (data / "train.jsonl").write_text(ROW)
    config = RunConfig(model="m", data=str(data), adapter_path="a", batch_size=1)
    plan = RunPlan(config=config, model_dir=data, model_layers=2)
    return PlannedRun(plan=plan, data=read_train_data(config))


def test_a_broken_test_split_is_a_warning(tmp_path: Path) -> None:
    """Training does not read it; a good one, or none, is no reason to speak."""
    assert check_before_run(planned(tmp_path)) == ()
    (tmp_path / "test.jsonl").write_text(ROW)
    assert check_before_run(planned(tmp_path)) == ()
    (tmp_path / "test.jsonl").write_text(ROW + "{\n")
    (warning,) = check_before_run(planned(tmp_path))
    assert "test.jsonl:2" in warning


def test_the_hook_runs_what_it_is_given(tmp_path: Path) -> None:
    """In order; the first that refuses ends the run."""

    def warn(run: PlannedRun) -> Iterable[str]:
        yield f"{len(run.data.train)} row"

    def refuse(run: PlannedRun) -> Iterable[str]:
        raise DatasetError("bad data", "no use", "Mend it.")

    run = planned(tmp_path)
    assert check_before_run(run, (warn, warn)) == ("1 row", "1 row")
    with pytest.raises(DatasetError, match="bad data"):
        check_before_run(run, (warn, refuse))
