"""`punie-train dataset split`: training, validation and test rows that are no variants."""

from typing import Annotated

import typer

from punie_train.cli.dataset.bytes_bar import bytes_bar
from punie_train.cli.dataset.operation import say_report
from punie_train.cli.dataset.options import AsJson, Data, Force, Output, Seed
from punie_train.dataset.inputs import open_dataset

EXAMPLE = """
[bold]Example[/bold]

[cyan]punie-train dataset split data/merged --output data/split --valid 0.1 --test 0.1[/cyan]

Questions that differ only in paths, names, numbers or quoted text are variants of one example.
They stay together in one split, and so do near copies.
"""


def split(
    data: Data,
    *,
    output: Output,
    valid: Annotated[float, typer.Option(help="Share of validation rows, 0 to 1.")] = 0.1,
    test: Annotated[float, typer.Option(help="Share of test rows, 0 to 1.")] = 0.1,
    seed: Seed = 0,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Divide all rows anew; variants of one example stay together in one split."""
    from punie_train.workflows.split_dataset import split_dataset

    with bytes_bar("split", open_dataset(data)) as on_bytes:
        report = split_dataset(
            data, output, valid=valid, test=test, seed=seed, force=force, on_bytes=on_bytes
        )
    say_report(report, output, json_output=json_output)
