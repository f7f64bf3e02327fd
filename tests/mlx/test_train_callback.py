"""Metrics are written at once, the best weights kept, and a spoiled run is stopped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.mlx.metrics import MetricsTail
from punie_train.mlx.train_callback import StopTraining, Surroundings, TrainCallback
from punie_train.mlx.training_errors import TrainingError


def report(iteration: int, loss: float) -> dict[str, float]:
    """Return what mlx-lm reports of training."""
    return {
        "iteration": iteration,
        "train_loss": loss,
        "learning_rate": 1e-5,
        "iterations_per_second": 1.0,
        "tokens_per_second": 10.0,
        "trained_tokens": 10,
        "peak_memory": 0.1,
    }


@pytest.fixture
def make(tmp_path: Path) -> Callable[[int], TrainCallback]:
    """Return a function that makes a callback whose weights are the number of saves so far."""
    saves: list[Path] = []

    def save(path: Path) -> None:
        saves.append(path)
        path.write_text(str(len(saves)))

    def build(patience: int = 0) -> TrainCallback:
        best = tmp_path / "best.safetensors"
        around = Surroundings(save=save)
        return TrainCallback(tmp_path / "metrics.jsonl", best, around, patience=patience)

    return build


def test_the_lowest_validation_loss_is_kept(
    make: Callable[..., TrainCallback], tmp_path: Path
) -> None:
    """Untrained weights and worse ones are not saved, and no file is left aside."""
    callback = make()
    for iteration, loss in [(0, 1.0), (24, 3.0), (49, 2.0), (74, 2.5)]:
        callback.on_val_loss_report({"iteration": iteration, "val_loss": loss})
    assert (callback.best_iteration, callback.best_loss) == (49, 2.0)
    assert (tmp_path / "best.safetensors").read_text() == "2"
    assert {path.name for path in tmp_path.iterdir()} == {"metrics.jsonl", "best.safetensors"}


def test_metrics_are_in_the_file_at_once(
    make: Callable[..., TrainCallback], tmp_path: Path
) -> None:
    """A reader sees a report as soon as it was made."""
    callback, tail = make(), MetricsTail(tmp_path / "metrics.jsonl")
    callback.on_train_loss_report(report(1, 2.0))
    assert [metric.iteration for metric in tail.read_new()] == [1]


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
def test_a_loss_that_is_no_number_stops_the_run(
    make: Callable[..., TrainCallback], loss: float
) -> None:
    """F37: in training and in validation, with the iteration in the message."""
    with pytest.raises(TrainingError, match=r"training loss is (nan|inf) after iteration 3.*F37"):
        make().on_train_loss_report(report(3, loss))
    with pytest.raises(TrainingError, match="validation loss"):
        make().on_val_loss_report({"iteration": 3, "val_loss": loss})


def test_patience_counts_validations_without_improvement(
    make: Callable[..., TrainCallback],
) -> None:
    """An improvement starts the count again."""
    callback = make(2)
    for iteration, loss in [(1, 2.0), (2, 2.5), (3, 1.0), (4, 1.5)]:
        callback.on_val_loss_report({"iteration": iteration, "val_loss": loss})
    with pytest.raises(StopTraining):
        callback.on_val_loss_report({"iteration": 5, "val_loss": 1.0})


def test_a_request_to_stop_is_met_after_the_iteration(
    make: Callable[..., TrainCallback],
) -> None:
    """The report of the iteration is still written."""
    callback = make()
    callback.on_train_loss_report(report(1, 2.0))
    callback.stop_requested = True
    with pytest.raises(StopTraining):
        callback.on_train_loss_report(report(2, 2.0))
    assert callback.iteration == 2
