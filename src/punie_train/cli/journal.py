"""`punie-train journal`: everything that was trained and measured in a project."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, remarks, say_data, say_warning
from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.journal import Journal, read_journal
from punie_train.core.settings import find_settings
from punie_train.core.whole_files import write_text
from punie_train.reporting.journal_views import evaluation_rows, journal_page, training_rows
from punie_train.reporting.text_table import aligned
from punie_train.workflows.keep_journal import journal_path

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train journal[/cyan]

Tables and the trend of the scores as one page:
[cyan]punie-train journal --html journal.html[/cyan]
"""


def journal(
    *,
    file: Annotated[
        Path | None,
        typer.Option(help="A journal.", show_default="reports/journal.jsonl of the project"),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with trend plots.", show_default=False)
    ] = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print one object a line, for a program.")
    ] = False,
) -> None:
    """Show the cumulative table of this project's evaluations and trainings."""
    path = file or journal_path(find_settings(Path.cwd()).root)
    kept = _read(path)
    if html is not None:
        try:
            write_text(html, journal_page(kept.entries))
        except OSError as error:
            raise UsageError(
                f"{html} cannot be written ({error.strerror})", "there is no page", "Name another."
            ) from None
    if json_output:
        for entry in kept.entries:
            facts = asdict(entry)
            say_data(facts.pop("facts") | facts)
    else:
        _show(kept)
    if kept.unreadable:
        lines = ", ".join(map(str, kept.unreadable[:5]))
        say_warning(f"{path}: {len(kept.unreadable)} lines hold no entry (line {lines}): left out.")
    if html is not None:
        remarks().print(f"page: {html}", markup=False)


def _read(path: Path) -> Journal:
    try:
        found = read_journal(path)
    except OSError as error:
        raise ArtifactError(
            f"{path} cannot be read ({error.strerror})", "there is no table", "Give a journal."
        ) from None
    if not found.entries and not found.unreadable:
        raise UsageError(
            f"{path} has no entry",
            "nothing was trained or measured in this project yet",
            "Run `pytest evals` or `punie-train run` first.",
        )
    return found


def _show(kept: Journal) -> None:
    width = max(answers().width, 100)
    for title, rows in (
        ("evaluations", evaluation_rows(kept.entries)),
        ("trainings", training_rows(kept.entries)),
    ):
        if len(rows) > 1:
            answers().print(f"\n{title}", markup=False)
            columns = [[row[2], row[0], row[1], *row[3:]] for row in rows]
            for line in aligned(columns, width=width):
                answers().print(line, markup=False, emoji=False)
