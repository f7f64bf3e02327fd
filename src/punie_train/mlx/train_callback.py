"""What happens at every report of the trainer: metrics, the best weights, reasons to stop."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from punie_train.mlx.metrics import Metric, to_line, train_metric, valid_metric
from punie_train.mlx.resume_state import ResumeState
from punie_train.mlx.training_errors import TrainingError

METRICS_NAME = "metrics.jsonl"
Info = Mapping[str, Any]


class StopTraining(Exception):  # noqa: N818 - no error: the run ends early on purpose
    """Ends mlx-lm's training loop from inside the callback."""


class Reports(Protocol):
    """mlx-lm's callback."""

    def on_train_loss_report(self, train_info: Any) -> None:
        """Hear of a training loss."""

    def on_val_loss_report(self, val_info: Any) -> None:
        """Hear of a validation loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the callback asks of the trainer.

    `save` writes the current weights to a path and `keep` all that a killed run needs. `rows` says
    in words what the last batch was, for a loss that is not a number. `agree` makes one answer of
    those of all processes. `repeated` says whether a validation had been reported before the run
    was resumed. Only the process that `leads` writes. `tracker` hears every report, too.
    """

    save: Callable[[Path], None]
    keep: Callable[[], None] = lambda: None
    rows: Callable[[], str] = lambda: ""
    agree: Callable[[bool], bool] = lambda asked: asked
    repeated: Callable[[], bool] = lambda: False
    leads: bool = True
    tracker: Reports | None = None


class TrainCallback:
    """Receives mlx-lm's reports of a run that may have begun earlier, `since` a state.

    A state is kept after every validation and every `keep_every` iterations, where gradients are
    not being accumulated over `accumulated` iterations. Raises TrainingError when a loss is not a
    number, and StopTraining when it was asked to stop (`stop_requested`) or validation has not
    improved `patience` times in a row.
    """

    def __init__(
        self,
        metrics: Path,
        best: Path,
        around: Surroundings,
        *,
        patience: int,
        keep_every: int = 100,
        accumulated: int = 1,
        since: ResumeState | None = None,
    ) -> None:
        self._metrics, self._best, self._around, self._patience = metrics, best, around, patience
        self._keep_every, self._accumulated = keep_every, accumulated
        self._first = self._kept = self.iteration = since.iteration if since else 0
        self._tokens_before = self.trained_tokens = since.trained_tokens if since else 0
        self.without_improvement = since.without_improvement if since else 0
        self.best_iteration = since.best_iteration if since else None
        best_loss = since.best_loss if since else None
        self.best_loss = math.inf if best_loss is None else best_loss
        self.stop_requested = False
        self._validated = False

    @property
    def metrics_bytes(self) -> int:
        """Return how long metrics.jsonl is."""
        return self._metrics.stat().st_size if self._metrics.exists() else 0

    def on_train_loss_report(self, train_info: Info) -> None:
        """Record a training loss, and keep a state when it is time."""
        metric = train_metric(train_info)
        metric = replace(
            metric,
            iteration=metric.iteration + self._first,
            trained_tokens=metric.trained_tokens + self._tokens_before,
        )
        self.iteration, self.trained_tokens = metric.iteration, metric.trained_tokens
        if not math.isfinite(metric.train_loss):
            rows = self._around.rows()
            raise _not_a_number("training", metric.train_loss, metric.iteration, rows)
        self._record(metric)
        if self._around.tracker and self._around.leads:
            self._around.tracker.on_train_loss_report(
                {
                    **train_info,
                    "iteration": metric.iteration,
                    "trained_tokens": metric.trained_tokens,
                }
            )
        stop = self._around.agree(self.stop_requested)
        due = self._validated or self.iteration - self._kept >= self._keep_every
        if (due or stop) and self.iteration % self._accumulated == 0 and self._around.leads:
            self._around.keep()
            self._kept, self._validated = self.iteration, False
        if stop:
            self.stop_requested = True
            raise StopTraining("asked to stop")

    def on_val_loss_report(self, val_info: Info) -> None:
        """Record a validation loss and keep the weights if they are the best so far."""
        if self._around.repeated():
            return
        metric = valid_metric(val_info)
        metric = replace(metric, iteration=metric.iteration + self._first)
        if not math.isfinite(metric.valid_loss):
            raise _not_a_number("validation", metric.valid_loss, metric.iteration, "")
        self._record(metric)
        if self._around.tracker and self._around.leads:
            self._around.tracker.on_val_loss_report({**val_info, "iteration": metric.iteration})
        if metric.iteration == 0:
            return
        self._validated = True
        if metric.valid_loss < self.best_loss:
            self.best_iteration, self.best_loss = metric.iteration, metric.valid_loss
            self.without_improvement = 0
            if self._around.leads:
                aside = self._best.with_name(f"new_{self._best.name}")
                self._around.save(aside)
                aside.replace(self._best)
            return
        self.without_improvement += 1
        if self._patience and self.without_improvement >= self._patience:
            raise StopTraining("patience")

    def _record(self, metric: Metric) -> None:
        if self._around.leads:
            with self._metrics.open("a", encoding="utf-8") as file:
                file.write(to_line(metric))


def _not_a_number(kind: str, loss: float, iteration: int, rows: str) -> TrainingError:
    return TrainingError(
        f"the {kind} loss is {loss} after iteration {iteration}{rows}",
        "the weights are spoiled, and the run was stopped",
        "Lower --learning-rate; if it comes at once, look for rows that are cut off by "
        "--max-seq-length.",
        failure="F37",
    )
