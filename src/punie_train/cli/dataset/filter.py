"""`punie-train dataset filter`: keep the rows that meet what is asked for."""

from typing import Annotated

import typer

from punie_train.cli.dataset.operation import operate
from punie_train.cli.dataset.options import AsJson, Data, Force, Output
from punie_train.core.errors import UsageError
from punie_train.dataset.message_filter import MinMessages
from punie_train.dataset.operations import RowOperation
from punie_train.dataset.python_version_filter import PythonVersionFilter, read_version
from punie_train.dataset.text_filters import LanguageFilter, QualityFilter
from punie_train.dataset.valid_filter import ValidRows

EXAMPLE = """
[bold]Examples[/bold]

Only conversations of two messages or more:
[cyan]punie-train dataset filter data/raw --output data/filtered --min-messages 2[/cyan]

Only rows without an error of the format:
[cyan]punie-train dataset filter data/raw --output data/filtered --valid[/cyan]

English conversations that break no rule of quality (empty or one-word answers, placeholders, code
fences left open, loops ...); code and tool output do not count as language:
[cyan]punie-train dataset filter data/raw --output data/filtered --language en --quality[/cyan]

Only rows whose Python runs on 3.10 or later, written as it is today:
[cyan]punie-train dataset filter data/raw --output data/filtered --min-python 3.10 --modern[/cyan]

Python is what stands in fenced blocks, in calls of execute_code and in .py files written, and a
text that is all code. What needs a newer Python than the one that runs this, or does not parse,
stays and is counted in the report.

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
    language: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help="Remove rows in which user and assistant clearly speak another language than "
            "this, such as en.",
            show_default=False,
        ),
    ] = None,
    quality: Annotated[
        bool,
        typer.Option("--quality", help="Remove rows whose answers break a rule of quality."),
    ] = False,
    min_python: Annotated[
        str | None,
        typer.Option(
            metavar="X",
            help="Remove rows whose Python runs on no version from X (3, 3.10) on.",
            show_default=False,
        ),
    ] = None,
    modern: Annotated[
        bool,
        typer.Option(
            "--modern",
            help="With --min-python above 3: also remove what X and earlier versions replaced, "
            "such as typing.List, six or class A(object).",
        ),
    ] = False,
    force: Force = False,
    json_output: AsJson = False,
) -> None:
    """Keep the rows that pass every filter given, in the order of the options below."""
    operations: list[RowOperation] = []
    if valid:
        operations.append(ValidRows())
    if min_messages is not None:
        operations.append(MinMessages(min_messages))
    if language is not None:
        operations.append(LanguageFilter(language))
    if quality:
        operations.append(QualityFilter())
    if min_python is not None:
        operations.append(PythonVersionFilter(minimum=read_version(min_python), modern=modern))
    elif modern:
        raise UsageError(
            "--modern is given without --min-python",
            "it is not known which version is modern",
            "Give --min-python 3.10 or another version.",
        )
    if not operations:
        raise UsageError(
            "no filter is given",
            "every readable row would stay",
            "Give --min-messages, --language, --min-python or another.",
        )
    operate("filter", data, output, operations, force=force, json_output=json_output)
