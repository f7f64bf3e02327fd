"""A progress bar over the texts that are compared, on a terminal only."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import remarks


@contextmanager
def compare_bar() -> Generator[Callable[[int, int], None] | None]:
    """Give what must be told how many of how many texts were compared, or None.

    The bar shows when it is told the first time; other bars may show below it.
    """
    console = remarks()
    if not console.is_terminal:
        yield None
        return
    columns = (
        TextColumn("compare"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("compare", visible=False)

        def compared(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        yield compared
