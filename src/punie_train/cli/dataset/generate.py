"""`punie-train dataset generate`: make training rows that are proven to be right."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import answers, remarks, say_data
from punie_train.cli.dataset.options import AsJson, Force, Output
from punie_train.generate.kind import Kind
from punie_train.reporting.generate_words import generate_lines

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train dataset generate field-access --output data/fields --count 200[/cyan]

Results from really running ty, ruff and pytest on generated projects:
[cyan]punie-train dataset generate typed-tools --output data/typed --count 150 --seed 4[/cyan]

The same seed gives the same bytes. Code is run in the sandbox before it is written, and rows
that overlap an evaluation case below --against are replaced by others.
"""


def generate(
    kind: Annotated[Kind, typer.Argument(help="What the rows teach.", show_default=False)],
    *,
    output: Output,
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, help="Number of rows, all splits together.")
    ] = 100,
    seed: Annotated[int, typer.Option(help="Another seed gives other rows.")] = 0,
    against: Annotated[
        Path | None,
        typer.Option(
            help="Directory of suites whose cases no row may overlap.",
            show_default="evals, if it is there",
        ),
    ] = None,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Make rows of one kind, in splits that keep variants together, with a manifest."""
    from punie_train.workflows.generate_dataset import generate_dataset

    suites = Path("evals")
    if against is None and suites.is_dir():
        against = suites
    with _rows_bar(count) as on_row:
        manifest = generate_dataset(
            kind,
            output,
            count=count,
            seed=seed,
            against=against,
            force=force,
            on_row=on_row,
        )
    if json_output:
        say_data(manifest)
        return
    for line in generate_lines(manifest, output):
        answers().print(line, markup=False, emoji=False)


@contextmanager
def _rows_bar(count: int) -> Generator[Callable[[int], None]]:
    """Show a bar over the rows on a terminal; give what must be told their number."""
    console = remarks()
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("generate"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("generate", total=count)
        yield lambda rows: bar.update(task, completed=rows)
