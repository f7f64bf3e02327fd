"""Steps that are done as a bar, with words on the one that is at work."""

from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from punie_train.cli.console import remarks


class StepsBar:
    """A bar on standard error; nothing is shown where that is no terminal. A context manager."""

    def __init__(self, what: str, total: int, *, now: str = "") -> None:
        """Name the steps and say what is going on first."""
        console = remarks()
        self._bar = Progress(
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[now]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task(what, total=total, now=now)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, *, done: int | None = None, now: str | None = None) -> None:
        """Show how many steps are done, or what is going on; None leaves it as it was."""
        self._bar.update(self._task, completed=done)
        if now is not None:
            self._bar.update(self._task, now=now)
