"""What happens at every report of the trainer: metrics, the best weights, reasons to stop."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from punie_train.mlx.metrics import Metric, to_line, train_metric, valid_metric
from punie_train.mlx.training_errors import TrainingError

METRICS_NAME = "metrics.jsonl"
Save = Callable[[Path], None]


class StopTraining(Exception):  # noqa: N818 - no error: the run ends early on purpose
    """Ends mlx-lm's training loop from inside the callback."""


class TrainCallback:
    """Receives mlx-lm's reports; `save` writes the current weights to a path.

    Raises TrainingError when a loss is not a number, and StopTraining when it was asked to stop
    (`stop_requested`) or validation has not improved `patience` times in a row.
    """

    def __init__(self, metrics: Path, best: Path, *, save: Save, patience: int) -> None:
        self._metrics, self._best, self._save, self._patience = metrics, best, save, patience
        self._without_improvement = 0
        self.stop_requested = False
        self.iteration = 0
        self.best_iteration: int | None = None
        self.best_loss = math.inf

    def on_train_loss_report(self, train_info: Mapping[str, Any]) -> None:
        """Record a training loss."""
        metric = train_metric(train_info)
        self.iteration = metric.iteration
        self._record(metric, metric.train_loss, "training")
        if self.stop_requested:
            raise StopTraining("asked to stop")

    def on_val_loss_report(self, val_info: Mapping[str, Any]) -> None:
        """Record a validation loss and keep the weights if they are the best so far."""
        metric = valid_metric(val_info)
        self._record(metric, metric.valid_loss, "validation")
        if metric.iteration == 0:
            return
        if metric.valid_loss < self.best_loss:
            self.best_iteration, self.best_loss = metric.iteration, metric.valid_loss
            self._without_improvement = 0
            aside = self._best.with_name(f"new_{self._best.name}")
            self._save(aside)
            aside.replace(self._best)
            return
        self._without_improvement += 1
        if self._patience and self._without_improvement >= self._patience:
            raise StopTraining("patience")

    def _record(self, metric: Metric, loss: float, kind: str) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"the {kind} loss is {loss} after iteration {metric.iteration}",
                "the weights are spoiled, and the run was stopped",
                "Lower --learning-rate; if it comes at once, look for rows that are cut off by "
                "--max-seq-length.",
                failure="F37",
            )
        with self._metrics.open("a", encoding="utf-8") as file:
            file.write(to_line(metric))
