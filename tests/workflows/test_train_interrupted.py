"""An impatient user: a second Ctrl-C while the trainer ends."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.errors import PunieTrainError
from punie_train.mlx.resume_state import read_state
from punie_train.mlx.train_config import RunConfig
from punie_train.starter import model_path
from punie_train.workflows import trainer_process
from punie_train.workflows.output_directory import unfinished_run
from punie_train.workflows.plan_run import RunPlan
from punie_train.workflows.train import RunStarted, train

IMPATIENT = f"""
import os, pathlib, signal, sys, time
from punie_train.mlx.metrics import TrainMetric, to_line
from punie_train.mlx.resume_state import ResumeState, keep_state
work = pathlib.Path(sys.argv[3])
def interrupt(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.kill({os.getpid()}, signal.SIGINT)
signal.signal(signal.SIGTERM, interrupt)
if KEEPS:
    state = ResumeState(iteration=3, pass_start=[], now=[], metrics_bytes=0, trained_tokens=1)
    touch = lambda path: path.write_bytes(b"x")
    keep_state(work, state, weights=touch, optimizer=touch)
(work / "metrics.jsonl").write_text(to_line(TrainMetric(
    iteration=3, train_loss=2.5, learning_rate=1e-5, iterations_per_second=1.0,
    tokens_per_second=9.0, trained_tokens=1, peak_memory_gb=0.5,
)))
time.sleep(60)
"""


@pytest.fixture
def interrupted_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], Path]:
    """Return a function that trains with a trainer that interrupts when it is asked to stop."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setattr(trainer_process, "TRAINER", "impatient_trainer")
    data = tmp_path / "train.jsonl"
    data.write_text('{"text": "a"}\n' * 4)

    def call(keeps: bool) -> Path:
        (tmp_path / "impatient_trainer.py").write_text(f"KEEPS = {keeps}\n{IMPATIENT}")
        config = RunConfig(model="starter", data=str(data), adapter_path=str(tmp_path / "out"))

        def interrupt(event: object) -> None:
            if not isinstance(event, RunStarted):
                raise KeyboardInterrupt

        train(RunPlan(config=config, model_dir=model_path(), model_layers=6), on_event=interrupt)
        return tmp_path / "out"

    return call


def test_what_can_be_resumed_is_left(
    interrupted_twice: Callable[[bool], Path], tmp_path: Path
) -> None:
    """F55: the message says from which iteration."""
    with pytest.raises(PunieTrainError, match="--resume to go on from iteration 3"):
        interrupted_twice(True)
    found = unfinished_run(tmp_path / "out")
    assert found is not None
    assert read_state(found) is not None


def test_nothing_is_left_of_a_run_without_a_state(
    interrupted_twice: Callable[[bool], Path], tmp_path: Path
) -> None:
    """It is as if it had not been started."""
    with pytest.raises(KeyboardInterrupt):
        interrupted_twice(False)
    assert unfinished_run(tmp_path / "out") is None
    assert not (tmp_path / "out").exists()
