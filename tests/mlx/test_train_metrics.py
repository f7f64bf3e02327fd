"""Metrics survive the file, arrive while it grows, and their absence is an error."""

from pathlib import Path

import pytest

from punie_train.mlx.metrics import (
    MetricsTail,
    TrainMetric,
    ValidMetric,
    from_line,
    loss_curve,
    to_line,
    valid_metric,
)
from punie_train.mlx.training_errors import TrainingError

TRAIN = TrainMetric(
    iteration=1,
    train_loss=2.5,
    learning_rate=1e-5,
    iterations_per_second=1.0,
    tokens_per_second=100.0,
    trained_tokens=100,
    peak_memory_gb=0.5,
)
VALID = ValidMetric(iteration=0, valid_loss=3.0)


@pytest.mark.parametrize("metric", [TRAIN, VALID])
def test_a_metric_survives_its_line(metric: TrainMetric | ValidMetric) -> None:
    """One line, one object, nothing lost."""
    assert from_line(to_line(metric)) == metric


def test_a_validation_that_does_not_say_how_long_it_took_is_read() -> None:
    """Older files and other reporters leave it out."""
    assert from_line('{"event": "valid", "iteration": 0, "valid_loss": 3.0}') == VALID
    assert valid_metric({"iteration": 0, "val_loss": 3.0}) == VALID
    told = valid_metric({"iteration": 0, "val_loss": 3.0, "val_time": 1.5})
    assert told.seconds == 1.5


def test_an_unknown_event_is_no_metric() -> None:
    """A line of another kind is not guessed at."""
    with pytest.raises(ValueError, match="save"):
        from_line('{"event": "save"}')


def test_a_growing_file_is_read_line_by_line(tmp_path: Path) -> None:
    """Half a line waits for its other half, and no line comes twice."""
    path = tmp_path / "metrics.jsonl"
    tail = MetricsTail(path)
    assert tail.read_new() == []
    half = to_line(TRAIN)[:20]
    path.write_text(to_line(VALID) + half)
    assert tail.read_new() == [VALID]
    path.write_text(to_line(VALID) + to_line(TRAIN))
    assert tail.read_new() == [TRAIN]
    assert tail.read_new() == []


def test_the_curve_holds_both_series() -> None:
    """Training and validation are kept apart."""
    curve = loss_curve([VALID, TRAIN])
    assert [point.loss for point in curve.train] == [2.5]
    assert [point.loss for point in curve.valid] == [3.0]


def test_no_training_loss_is_an_error() -> None:
    """F51: a run without metrics never counts as trained."""
    with pytest.raises(TrainingError, match="F51"):
        loss_curve([VALID])
