"""What the user sees of a model that is fused or quantized: a bar, then a summary."""

from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from punie_train.cli.console import answers, remarks, say_data, say_warning
from punie_train.core.settings import Settings
from punie_train.reporting.numbers import seconds, size
from punie_train.reporting.retention_json import retention_json
from punie_train.reporting.retention_words import retention_lines
from punie_train.workflows.conversion_plan import ConversionPlan
from punie_train.workflows.convert import RETENTION_NAME, MadeModel, convert

MIN_WIDTH = 80


class ConvertProgress:
    """Shows steps as a progress bar, one after another; nothing when `console` is no terminal."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(compact=True),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._what = "loading"
        self._task = self._bar.add_task(self._what, total=None)

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
        """Remove the bar."""
        self._bar.stop()

    @property
    def seconds(self) -> float:
        """Return the time since the bar was made."""
        return sum(task.elapsed or 0.0 for task in self._bar.tasks)

    def step(self, what: str, done: int, total: int) -> None:
        """Show that `done` of `total` is done of a step, which may be a new one."""
        if what != self._what:
            self._bar.update(self._task, visible=False)
            self._bar.stop_task(self._task)
            self._what, self._task = what, self._bar.add_task(what, total=total)
        self._bar.update(self._task, completed=done, total=total)


def convert_and_tell(
    plan: ConversionPlan, *, settings: Settings, force: bool, json_output: bool
) -> None:
    """Do what was planned, with a bar, and print what was made and what is left of the adapter."""
    console = remarks()
    with ConvertProgress(console) as progress:
        made = convert(
            plan, settings=settings, force=force, on_step=progress.step, on_note=say_warning
        )
    if json_output:
        say_data(_as_json(made))
    else:
        for line in summary(made, width=max(MIN_WIDTH, answers().width), taken=progress.seconds):
            answers().print(line, markup=False, emoji=False)
    for note in made.notes:
        console.print(f"Note: {note}", markup=False, emoji=False)
    for warning in made.warnings:
        say_warning(warning)


def summary(made: MadeModel, *, width: int, taken: float) -> list[str]:
    """Return what was written (`taken` in seconds), what was kept, and the command to run next."""
    measured = retention_lines(made.retention, width=width)
    wrote = f"Wrote {made.path} in {seconds(taken)}: {size(made.bytes)}"
    return [
        f"{wrote}, {made.manifest.bits_per_weight:.2f} bits per weight.",
        *measured,
        *([f"  every layer and reply: {made.path / RETENTION_NAME}"] if measured else []),
        "",
        f"Next: {_next(made)}",
    ]


def _next(made: MadeModel) -> str:
    """Return the command that measures the new model beside what it was made from."""
    manifest, candidates = made.manifest, []
    if manifest.adapter and manifest.base_model:
        candidates.append(f"--candidate adapter={manifest.base_model}:{manifest.adapter}")
    if manifest.kind == "quantized":
        candidates.append(f"--candidate source={manifest.source}")
    candidates.append(f"--candidate {manifest.kind}={made.path}")
    return f"pytest evals {' '.join(candidates)}"


def _as_json(made: MadeModel) -> dict[str, Any]:
    return {
        "path": str(made.path),
        "bytes": made.bytes,
        "manifest": asdict(made.manifest),
        "retention": retention_json(made.retention, made.warnings),
        "notes": list(made.notes),
    }
