"""`punie-train score`: score stored calls again."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from punie_train.cli.console import remarks, say_data
from punie_train.cli.jsonl_rows import read_rows
from punie_train.core.errors import UsageError
from punie_train.evals.scorers.call_rule import StringMatch
from punie_train.evals.stored_calls import (
    UnreadableRowError,
    read_stored_calls,
    score_stored_calls,
)

EXAMPLE = """
[bold]Examples[/bold]

Each line holds id, tools, expected and calls:
[cyan]punie-train score --jsonl calls.jsonl > scores.jsonl[/cyan]

As the field's reference rule compares texts:
[cyan]punie-train score --jsonl calls.jsonl --string-match normalized[/cyan]
"""


def score(
    *,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help="File with one object a line: id, tools, expected and calls.", show_default=False
        ),
    ] = None,
    string_match: Annotated[
        StringMatch,
        typer.Option(help="exact, or normalized as the field's reference rule does."),
    ] = StringMatch.EXACT,
    order: Annotated[
        Literal["any", "strict"],
        typer.Option(help="Whether calls must come in the expected order."),
    ] = "any",
) -> None:
    """Score stored calls without a model: passed or not, the reasons, and partial scores."""
    if jsonl is None:
        raise UsageError(
            "--jsonl is missing",
            "there is nothing to score",
            "For example: punie-train score --jsonl calls.jsonl.",
        )
    passed = total = 0
    for row in read_rows(jsonl, doing="scoring"):
        try:
            stored = read_stored_calls(row.value)
        except UnreadableRowError as error:
            raise row.error(str(error), "Write id, tools, expected and calls") from None
        scores = score_stored_calls(stored, string_match=string_match, ordered=order == "strict")
        is_right = scores[0].value == 1.0
        total += 1
        passed += is_right
        answer: dict[str, Any] = {
            "id": row.id,
            "passed": is_right,
            "reasons": [] if is_right else scores[0].reason.split("; "),
            "scores": {item.name: item.value for item in scores},
        }
        say_data(answer)
    remarks().print(f"{passed:,} of {total:,} passed.")
