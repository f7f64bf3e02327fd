"""`punie-train dataset merge`: several datasets as one, in given shares."""

from pathlib import Path
from typing import Annotated

import typer

from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.cli.dataset.operation import say_report
from punie_train.cli.dataset.options import AsJson, Force, Output, Seed
from punie_train.dataset.composition import parse_weights
from punie_train.dataset.inputs import DatasetInput, open_dataset
from punie_train.workflows.merge_datasets import merge_datasets

EXAMPLE = """
[bold]Examples[/bold]

Every row of both:
[cyan]punie-train dataset merge data/v2 data/hand-authored --output data/merged[/cyan]

Seven rows of the first for three of the second, drawn by a seed:
[cyan]punie-train dataset merge data/v2 data/direct --output data/merged --weights 0.7,0.3[/cyan]

The manifest says the composition; rows that were not drawn go to removed.jsonl.
"""


def merge(
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Dataset directories.", show_default=False),
    ],
    *,
    output: Output,
    weights: Annotated[
        str | None,
        typer.Option(help="Share of each dataset, such as 0.7,0.3.", show_default=False),
    ] = None,
    seed: Seed = 0,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Mix the rows of several datasets; with weights, each split has those shares."""
    shares = parse_weights(weights, len(data)) if weights is not None else None
    splits = tuple(split for path in data for split in open_dataset(path).splits)
    with bytes_bar("merge", DatasetInput(path=output, splits=splits)) as on_bytes:
        report = merge_datasets(
            data, output, weights=shares, seed=seed, force=force, on_bytes=on_bytes
        )
    say_report(report, output, json_output=json_output)
