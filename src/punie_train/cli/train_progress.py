"""The live view of a training run."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import say_warning
from punie_train.mlx.metrics import TrainMetric, ValidMetric
from punie_train.reporting.numbers import plural, tokens_per_second
from punie_train.workflows.train import RunStarted, TrainEvent


class TrainProgress:
    """Shows events as a progress bar; only notes are printed when `console` is no terminal."""

    def __init__(self, console: Console, *, iterations: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("training"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("training", total=iterations, figures="loading the model")
        self._valid = ""
        self._started = time.monotonic()
        self.seconds = 0.0

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove the bar and stop the clock."""
        self.seconds = time.monotonic() - self._started
        self._bar.stop()

    def __call__(self, event: TrainEvent) -> None:
        """Show one event."""
        match event:
            case RunStarted():
                rows = plural(event.train_rows, "training row")
                self._console.print(
                    f"Training on {rows}, validating on {event.valid_rows}: "
                    f"{plural(event.config.iters, 'iteration')} of {event.config.batch_size}.",
                    markup=False,
                )
                if event.resumed_from:
                    self._console.print(
                        f"Going on from iteration {event.resumed_from}.", markup=False
                    )
                    self._bar.update(self._task, completed=event.resumed_from)
                for note in event.notes:
                    say_warning(note)
            case ValidMetric():
                self._valid = f", valid {event.valid_loss:.3f}"
            case TrainMetric():
                self._bar.update(
                    self._task,
                    completed=event.iteration,
                    figures=(
                        f"loss {event.train_loss:.3f}{self._valid}, "
                        f"{tokens_per_second(event.tokens_per_second)}, "
                        f"peak {event.peak_memory_gb:.2f} GB"
                    ),
                )
