"""`punie-train score`: score stored calls, or a whole stored report, again without a model."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from punie_train.cli.console import remarks, say_data
from punie_train.cli.jsonl_rows import read_rows
from punie_train.core.errors import ExitStatus, UsageError
from punie_train.evals.scorers.call_rule import StringMatch
from punie_train.evals.stored_calls import (
    UnreadableRowError,
    read_stored_calls,
    score_stored_calls,
)

EXAMPLE = """
[bold]Examples[/bold]

A stored report by the case files of today, and the new report beside it:
[cyan]punie-train score reports/nightly.json --output reports/nightly-rescored.json[/cyan]

Each line holds id, tools, expected and calls:
[cyan]punie-train score --jsonl calls.jsonl > scores.jsonl[/cyan]

As the field's reference rule compares texts:
[cyan]punie-train score --jsonl calls.jsonl --string-match normalized[/cyan]
"""


def score(
    report: Annotated[
        Path | None,
        typer.Argument(help="A report that `--eval-report` wrote.", show_default=False),
    ] = None,
    *,
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            help="Case files, or directories of them, that score the report; repeatable.",
            show_default="evals",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write the new report here, and its page.", show_default=False
        ),
    ] = None,
    json_output: Annotated[
        bool, typer.Option("--json", help="Print the new report as JSON.")
    ] = False,
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
    """Score stored calls (--jsonl) or a whole stored report again, without a model.

    A report is scored by the case files as they are today, and every result that flips is named.
    The exit status is 1 when one of the project's gates does not hold.
    """
    if report is not None and jsonl is None:
        from punie_train.cli.score_report import score_report

        if not score_report(report, cases or [Path("evals")], output, as_json=json_output):
            raise typer.Exit(ExitStatus.ANSWER_IS_NO)
    elif jsonl is not None and report is None:
        _score_rows(jsonl, string_match=string_match, ordered=order == "strict")
    else:
        raise UsageError(
            f"{'both' if report else 'neither'} REPORT {'and' if report else 'nor'} --jsonl "
            f"{'are' if report else 'is'} given",
            "it is not clear what to score",
            "For example: punie-train score reports/nightly.json, or punie-train score --jsonl "
            "calls.jsonl.",
        )


def _score_rows(jsonl: Path, *, string_match: StringMatch, ordered: bool) -> None:
    passed = total = 0
    for row in read_rows(jsonl, doing="scoring"):
        try:
            stored = read_stored_calls(row.value)
        except UnreadableRowError as error:
            raise row.error(str(error), "Write id, tools, expected and calls") from None
        scores = score_stored_calls(stored, string_match=string_match, ordered=ordered)
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
