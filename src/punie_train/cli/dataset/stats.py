"""`punie-train dataset stats`: what the data holds, in numbers."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.console import answers, remarks, say_data
from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.cli.dataset.options import AsJson, Data
from punie_train.core.errors import UsageError
from punie_train.core.whole_files import write_text
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.stats import dataset_stats
from punie_train.reporting.safe_text import one_line
from punie_train.reporting.stats_page import stats_page
from punie_train.reporting.stats_words import stats_lines
from punie_train.workflows.count_tokens import token_counter

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train dataset stats data/v3[/cyan]

[cyan]punie-train dataset stats rows.jsonl --json[/cyan]

With token counts and histograms:
[cyan]punie-train dataset stats data/v3 --model starter --html reports/v3.html[/cyan]
"""


def stats(
    data: Data,
    *,
    model: Annotated[
        str | None,
        typer.Option(
            help="Count tokens as this model's trainer does: a directory, repository or `starter`.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with histograms to this file.", show_default=False),
    ] = None,
    json_output: AsJson = False,
) -> None:
    """Count rows, messages, lengths, roles, tools and categories of each split."""
    source = open_dataset(data)
    count_tokens = token_counter(model) if model else None
    with bytes_bar("stats", source) as on_bytes:
        splits = dataset_stats(source, count_tokens, on_bytes=on_bytes)
    if html:
        try:
            write_text(html, stats_page(splits, data=str(data), model=model))
        except OSError as error:
            raise UsageError(
                f"{html} cannot be written ({error.strerror})",
                "the page has no place",
                "Give another --html.",
            ) from error
        remarks().print(f"page: {one_line(str(html))}", markup=False)
    if json_output:
        say_data({"splits": {name: split.to_json() for name, split in splits.items()}})
        return
    for line in stats_lines(splits, width=max(40, answers().width)):
        answers().print(line, markup=False, emoji=False)
