"""`punie-train dataset convert`: the same rows in another format."""

from typing import Annotated

import typer

from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output
from punie_train.dataset.converted_rows import ConvertedRows, RowFormat

EXAMPLE = """
[bold]Examples[/bold]

ChatML texts to messages, and back byte for byte:
[cyan]punie-train dataset convert data/raw --output data/chat --to messages[/cyan]

Calls in code fences and bare Python in tool_call tags to Qwen3-Coder's XML:
[cyan]punie-train dataset convert data/chat --output data/format-a --to format-a[/cyan]

Every call as Python in execute_code:
[cyan]punie-train dataset convert data/chat --output data/code --to code-mode[/cyan]

Rows that cannot be converted without a loss go to removed.jsonl with the reason.
"""


def convert(
    data: Data,
    *,
    output: Output,
    to: Annotated[RowFormat, typer.Option("--to", help="Format of the new rows.")],
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Convert every row; nothing is lost without being counted."""
    operate("convert", data, output, [ConvertedRows(to)], force=force, json_output=json_output)
