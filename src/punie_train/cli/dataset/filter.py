"""`punie-train dataset filter`: keep the rows that meet what is asked for."""

from typing import Annotated

import typer

from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output
from punie_train.core.errors import UsageError
from punie_train.dataset.message_filter import MinMessages
from punie_train.dataset.operations import RowOperation
from punie_train.dataset.valid_filter import ValidRows

EXAMPLE = """
[bold]Examples[/bold]

Only conversations of two messages or more:
[cyan]punie-train dataset filter data/raw --output data/filtered --min-messages 2[/cyan]

Only rows without an error of the format:
[cyan]punie-train dataset filter data/raw --output data/filtered --valid[/cyan]

Rows are kept byte for byte; the others go to removed.jsonl with the reason, the counts to
report.json.
"""


def filter_rows(
    data: Data,
    *,
    output: Output,
    valid: Annotated[
        bool,
        typer.Option("--valid", help="Remove rows in which `dataset validate` finds errors."),
    ] = False,
    min_messages: Annotated[
        int | None,
        typer.Option(help="Keep rows of at least this many messages.", show_default=False),
    ] = None,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Keep the rows that pass every filter given, in the order of the options below."""
    operations: list[RowOperation] = []
    if valid:
        operations.append(ValidRows())
    if min_messages is not None:
        operations.append(MinMessages(min_messages))
    if not operations:
        raise UsageError(
            "no filter is given",
            "every readable row would stay",
            "Give --min-messages, --valid or another.",
        )
    operate("filter", data, output, operations, force=force, json_output=json_output)
