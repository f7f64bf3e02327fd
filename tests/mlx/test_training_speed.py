"""Speed is read from a run's metrics; the verdict follows the thresholds."""

import pytest

from punie_train.mlx.metrics import Metric, TrainMetric, ValidMetric
from punie_train.mlx.training_errors import TrainingError
from punie_train.mlx.training_speed import Verdict, measured_speed, verdict


def iteration(number: int, seconds: float, memory: float = 1.0) -> TrainMetric:
    """Return the report of an iteration of 100 tokens."""
    return TrainMetric(
        iteration=number, train_loss=1.0, learning_rate=1e-5, iterations_per_second=1 / seconds,
        tokens_per_second=100 / seconds, trained_tokens=100 * number, peak_memory_gb=memory,
    )  # fmt: skip


METRICS: list[Metric] = [
    ValidMetric(iteration=0, valid_loss=3.0, seconds=9.0),
    iteration(1, 10.0),
    iteration(2, 2.0),
    iteration(3, 1.0, memory=2.5),
    ValidMetric(iteration=3, valid_loss=3.0, seconds=1.0),
    iteration(4, 3.0),
]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.01, Verdict.EXCELLENT),
        (5.0, Verdict.EXCELLENT),
        (5.01, Verdict.USABLE),
        (30.0, Verdict.USABLE),
        (30.01, Verdict.SLOW),
        (60.0, Verdict.SLOW),
        (60.01, Verdict.PIVOT),
    ],
)
def test_verdict(seconds: float, expected: Verdict) -> None:
    """Up to 5 s excellent, 30 usable, 60 slow; above that another model."""
    assert verdict(seconds) is expected


def test_first_iteration_is_left_out() -> None:
    """It compiles; the median of the others is what an iteration takes."""
    speed = measured_speed(METRICS, valid_batches=2)
    assert (speed.iterations, speed.per_iteration, speed.first) == (3, 2.0, 10.0)
    assert speed.slowest == pytest.approx(3.0)
    assert speed.tokens_per_iteration == 100
    assert speed.tokens_per_second == pytest.approx(50.0)
    assert speed.peak_memory == 2.5
    assert speed.per_validation_batch == 0.5
    assert speed.verdict is Verdict.EXCELLENT


@pytest.mark.parametrize(
    ("iterations", "validations"), [(1, 1), (2, 2), (25, 2), (26, 3), (100, 5)]
)
def test_estimate_counts_validations(iterations: int, validations: int) -> None:
    """Before the first iteration, before every 25th, and before the last."""
    speed = measured_speed(METRICS, valid_batches=2)
    expected = 10 + (iterations - 1) * 2.0 + validations * 4 * 0.5
    assert speed.estimate(iterations, valid_every=25, valid_batches=4) == pytest.approx(expected)


def test_too_few_iterations() -> None:
    """One iteration compiles and measures nothing."""
    with pytest.raises(TrainingError, match="fewer than two"):
        measured_speed([iteration(1, 1.0)], valid_batches=1)
