"""A progress bar over the bytes of a dataset, on a terminal only."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import remarks
from punie_train.dataset.inputs import DatasetInput

STEP = 1 << 18
"""Bytes between two looks at the bar, so that rows do not wait for it."""


@contextmanager
def bytes_bar(doing: str, data: DatasetInput) -> Generator[Callable[[int], None] | None]:
    """Show a bar with the word `doing`; give what must be told the size of each row, or None."""
    console = remarks()
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn(doing), BarColumn(), DownloadColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(doing, total=sum(split.path.stat().st_size for split in data.splits))
        waiting = 0

        def seen(size: int) -> None:
            nonlocal waiting
            waiting += size
            if waiting >= STEP:
                bar.advance(task, waiting)
                waiting = 0

        yield seen
