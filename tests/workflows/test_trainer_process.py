"""A trainer that dies is told in words, and what an interrupted one had is kept."""

from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.mlx.metrics import Metric, TrainMetric, ValidMetric, to_line
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.training_errors import TrainingError
from punie_train.workflows import trainer_process
from punie_train.workflows.trainer_process import rescued, run_trainer

TRAIN = TrainMetric(
    iteration=5,
    train_loss=2.5,
    learning_rate=1e-5,
    iterations_per_second=1.0,
    tokens_per_second=100.0,
    trained_tokens=100,
    peak_memory_gb=0.5,
)
VALID = ValidMetric(iteration=4, valid_loss=2.0)
REPORTS = f"""
import sys, pathlib
work = pathlib.Path(sys.argv[3])
(work / "best_adapters.safetensors").write_text("weights")
(work / "metrics.jsonl").write_text({to_line(VALID) + to_line(TRAIN)!r})
"""

CONFIG = RunConfig(model="m", data="d", adapter_path="a")


@pytest.fixture
def act_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that puts a script in the trainer's place."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(trainer_process, "TRAINER", "acting_trainer")

    def put(script: str) -> Path:
        (tmp_path / "acting_trainer.py").write_text(script)
        work = tmp_path / "work"
        work.mkdir()
        return work

    return put


def test_a_crash_shows_its_last_words(act_as: Callable[[str], Path]) -> None:
    """Status and the end of the log are in the message; the reports before it still arrive."""
    work = act_as(REPORTS + 'sys.exit("out of memory")')
    seen: list[Metric] = []
    with pytest.raises(TrainingError, match=r"status 1(.|\n)*out of memory"):
        run_trainer(CONFIG, Path("model"), work, seen.append)
    assert seen == [VALID, TRAIN]


def test_an_interrupted_trainer_that_does_not_answer_is_ended(
    act_as: Callable[[str], Path],
) -> None:
    """Its best weights are kept."""
    work = act_as(REPORTS + "import time; time.sleep(60)")

    seen: list[Metric] = []

    def interrupt_once(metric: Metric) -> None:
        seen.append(metric)
        if len(seen) == 1:
            raise KeyboardInterrupt

    outcome = run_trainer(CONFIG, Path("model"), work, interrupt_once)
    assert outcome is not None
    assert (outcome.end, outcome.kept_iteration, outcome.kept_valid_loss) == ("stopped", 4, 2.0)
    assert (work / "adapters.safetensors").read_text() == "weights"


def test_nothing_is_rescued_where_nothing_was_saved(tmp_path: Path) -> None:
    """Metrics alone are no weights."""
    assert rescued(tmp_path) is None
    (tmp_path / "metrics.jsonl").write_text(to_line(VALID) + to_line(TRAIN))
    assert rescued(tmp_path) is None
