"""`punie-train compare`: any number of reports side by side."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, remarks
from punie_train.core.errors import UsageError
from punie_train.core.whole_files import write_text
from punie_train.evals.comparison import columns_of, compare
from punie_train.reporting.comparison_views import comparison_lines, comparison_page
from punie_train.reporting.read_report import read_report

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train compare reports/v1.json reports/v2.json reports/v3.json[/cyan]

The progression of the scores, differences and every flip as one page:
[cyan]punie-train compare reports/v2.json reports/v3.json --html compare.html[/cyan]
"""


def compare_reports(
    reports: Annotated[
        list[Path], typer.Argument(help="Reports that `--eval-report` wrote, the oldest first.")
    ],
    *,
    html: Annotated[
        Path | None, typer.Option(help="Write a page as well.", show_default=False)
    ] = None,
) -> None:
    """Show scores side by side, differences to the first with intervals, and flips case by case.

    Every adapter of every report is a column; the first column is what the others are compared
    with. Nothing is judged here: gates belong to `pytest evals --eval-baseline`.
    """
    columns = columns_of([(path.stem, read_report(path)) for path in reports])
    if len(columns) < 2:
        raise UsageError(
            f"{len(columns)} measured adapter in {len(reports)} report",
            "there is nothing to compare",
            "Give several reports, or one with several adapters.",
        )
    found = compare(columns)
    for line in comparison_lines(found, width=max(answers().width, 100)):
        answers().print(line, markup=False, emoji=False)
    if html is not None:
        try:
            write_text(html, comparison_page(found))
        except OSError as error:
            raise UsageError(
                f"{html} cannot be written ({error.strerror})", "there is no page", "Name another."
            ) from None
        remarks().print(f"page: {html}", markup=False)
