"""How fast a machine trains, read from a run's metrics. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from punie_train.mlx.metrics import Metric, TrainMetric, ValidMetric
from punie_train.mlx.training_errors import TrainingError


class Verdict(StrEnum):
    """What a speed is good for."""

    EXCELLENT = "excellent"
    USABLE = "usable"
    SLOW = "slow"
    PIVOT = "pivot to a smaller model"


BOUNDS: tuple[tuple[float, Verdict], ...] = (
    (5.0, Verdict.EXCELLENT),
    (30.0, Verdict.USABLE),
    (60.0, Verdict.SLOW),
)
"""The most seconds an iteration may take for each verdict, both ends included."""


def verdict(seconds_per_iteration: float) -> Verdict:
    """Return what so many seconds an iteration are good for."""
    return next((found for most, found in BOUNDS if seconds_per_iteration <= most), Verdict.PIVOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSpeed:
    """Seconds, tokens and memory of measured iterations; the first of a run is not one of them.

    `per_iteration` is the median in seconds, `first` the seconds of the iteration left out (it
    compiles), `slowest` those of the worst one. `tokens_per_iteration` counts the tokens that were
    learnt. `peak_memory` is in GB. `per_validation_batch` is in seconds.
    """

    iterations: int
    per_iteration: float
    first: float
    slowest: float
    tokens_per_iteration: float
    tokens_per_second: float
    peak_memory: float
    per_validation_batch: float

    @property
    def verdict(self) -> Verdict:
        """Return what the speed is good for."""
        return verdict(self.per_iteration)

    def estimate(self, iterations: int, *, valid_every: int, valid_batches: int) -> float:
        """Return the seconds of a run on rows of the same length, validations included.

        mlx-lm validates before the first iteration, before every `valid_every`-th and before the
        last one.
        """
        validations = len({1, iterations, *range(valid_every, iterations + 1, valid_every)})
        return (
            self.first
            + max(0, iterations - 1) * self.per_iteration
            + validations * valid_batches * self.per_validation_batch
        )


def measured_speed(metrics: Sequence[Metric], *, valid_batches: int) -> TrainingSpeed:
    """Return the speed of a run that reported every iteration and validated at its end.

    Raises TrainingError when it reported fewer than two iterations.
    """
    train = [metric for metric in metrics if isinstance(metric, TrainMetric)]
    if len(train) < 2:
        raise TrainingError(
            "the run reported fewer than two iterations",
            "its speed cannot be told",
            "Let it run to its end, with --iters 2 or more.",
        )
    took = [1 / metric.iterations_per_second for metric in train]
    tokens = train[-1].trained_tokens - train[0].trained_tokens
    valid = [each.seconds for each in metrics if isinstance(each, ValidMetric) and each.seconds]
    return TrainingSpeed(
        iterations=len(train) - 1,
        per_iteration=median(took[1:]),
        first=took[0],
        slowest=max(took[1:]),
        tokens_per_iteration=tokens / (len(train) - 1),
        tokens_per_second=tokens / sum(took[1:]),
        peak_memory=max(metric.peak_memory_gb for metric in train),
        per_validation_batch=valid[-1] / valid_batches if valid else 0.0,
    )
