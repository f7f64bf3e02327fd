"""What fails a check reaches the trainer only over --skip-checks."""

import json
from pathlib import Path

import pytest

from punie_train.core.settings import Settings
from punie_train.workflows.check_run_data import FailedChecksError, check_run_data
from punie_train.workflows.plan_run import RunPlan, plan_run

DATA = Path(__file__).parents[2] / "data" / "v1"
WIDE = {"tool-share": [0.1, 0.95]}


def planned(data: Path, output: Path, **options: object) -> RunPlan:
    """Plan a run of the starter on some data."""
    values = {"data": str(data), "adapter_path": str(output), "batch_size": 2, **options}
    return plan_run(values, settings=Settings(root=output))


def test_sound_data_is_trained_on(tmp_path: Path) -> None:
    """Several turns with masking are no defect: a run of ours cuts rows itself."""
    settings = Settings(root=tmp_path, active=True, checks=WIDE)
    check_run_data(planned(DATA, tmp_path, mask_prompt=True), settings)


def test_every_failing_check_is_named_with_its_message(tmp_path: Path) -> None:
    """And what to do, once; the status says that the answer is no."""
    settings = Settings(root=tmp_path, active=True, checks={"tool-share": [0.1, 0.5]})
    with pytest.raises(FailedChecksError, match=r"fails balance: it was not trained on") as caught:
        check_run_data(planned(DATA, tmp_path), settings)
    assert "[F31]" in str(caught.value)
    assert caught.value.status == 1


def test_parameters_of_the_run_decide(tmp_path: Path) -> None:
    """F37: what a short sequence leaves nothing of is found before training."""
    data = tmp_path / "data"
    data.mkdir()
    for name in ("train.jsonl", "valid.jsonl"):
        rows = (DATA / name).read_text().splitlines()
        (data / name).write_text("\n".join(rows) + "\n")
        assert json.loads(rows[0])
    settings = Settings(root=tmp_path, active=True, checks=WIDE)
    with pytest.raises(FailedChecksError, match="token-lengths") as caught:
        check_run_data(planned(data, tmp_path, max_seq_length=64, mask_prompt=True), settings)
    assert "[F37]" in str(caught.value)
