"""What a training run reports while it runs: one JSON object per line of metrics.jsonl."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from punie_train.core.loss_curve import LossCurve, LossPoint
from punie_train.mlx.training_errors import TrainingError


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainMetric:
    """Mean training loss since the last report; `iteration` counts from 1, memory in GB."""

    iteration: int
    train_loss: float
    learning_rate: float
    iterations_per_second: float
    tokens_per_second: float
    trained_tokens: int
    peak_memory_gb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidMetric:
    """Validation loss of the weights after `iteration` iterations; 0 is before training.

    `seconds` is how long the validation took, None in files that do not say.
    """

    iteration: int
    valid_loss: float
    seconds: float | None = None


Metric = TrainMetric | ValidMetric


def train_metric(info: Mapping[str, Any]) -> TrainMetric:
    """Return what mlx-lm tells its callback about training."""
    return TrainMetric(
        iteration=info["iteration"],
        train_loss=info["train_loss"],
        learning_rate=info["learning_rate"],
        iterations_per_second=info["iterations_per_second"],
        tokens_per_second=info["tokens_per_second"],
        trained_tokens=int(info["trained_tokens"]),
        peak_memory_gb=info["peak_memory"],
    )


def valid_metric(info: Mapping[str, Any]) -> ValidMetric:
    """Return what mlx-lm tells its callback about validation."""
    return ValidMetric(
        iteration=info["iteration"], valid_loss=info["val_loss"], seconds=info.get("val_time")
    )


def to_line(metric: Metric) -> str:
    """Return the metric as one line, with its line feed."""
    event = "train" if isinstance(metric, TrainMetric) else "valid"
    return json.dumps({"event": event, **asdict(metric)}) + "\n"


def from_line(line: str) -> Metric:
    """Return the metric of one line; raises ValueError, KeyError or TypeError if it is none."""
    value = json.loads(line)
    match value.pop("event"):
        case "train":
            return TrainMetric(**value)
        case "valid":
            return ValidMetric(**value)
        case event:
            raise ValueError(event)


class MetricsTail:
    """The metrics that were added to a growing file since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def read_new(self) -> list[Metric]:
        """Return the complete lines that are new; none while the file does not exist."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                added = file.read()
        except FileNotFoundError:
            return []
        complete = added[: added.rfind(b"\n") + 1]
        self._offset += len(complete)
        return [from_line(line) for line in complete.decode().splitlines()]


def loss_curve(metrics: Iterable[Metric]) -> LossCurve:
    """Return the losses; raises TrainingError when there is none for training."""
    train, valid = [], []
    for metric in metrics:
        if isinstance(metric, TrainMetric):
            train.append(LossPoint(iteration=metric.iteration, loss=metric.train_loss))
        else:
            valid.append(LossPoint(iteration=metric.iteration, loss=metric.valid_loss))
    if not train:
        raise TrainingError(
            "the run reported no training loss",
            "nobody can say what it learned, so it counts as failed",
            "Give at least as many --iters as --report-every, and look into train.log.",
            failure="F51",
        )
    return LossCurve(train=tuple(train), valid=tuple(valid))
