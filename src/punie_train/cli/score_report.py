"""A stored report, scored again and shown."""

from collections.abc import Sequence
from pathlib import Path

from punie_train.cli.console import answers, remarks, say_warning
from punie_train.core.errors import UsageError
from punie_train.core.settings import find_settings
from punie_train.evals.case import Suite
from punie_train.evals.case_discovery import case_files
from punie_train.evals.case_files import load_suite
from punie_train.evals.gates import GatePolicy
from punie_train.reporting.json_report import dumps
from punie_train.reporting.read_report import read_report
from punie_train.reporting.safe_text import one_line
from punie_train.reporting.terminal_table import summary_lines
from punie_train.sandbox.run_code import Sandbox
from punie_train.workflows.conclude import write_report
from punie_train.workflows.rescore import Rescored, rescore

SHOWN_NAMES = 5
"""So many cases of a kind are named in a warning; the rest is counted."""


def score_report(path: Path, places: Sequence[Path], output: Path | None, *, as_json: bool) -> bool:
    """Score, show and write the report; return whether all its gates hold.

    Raises ArtifactError for a report, CaseFileError for a case file that cannot be read, and
    UsageError when there is nothing to score by, or when `output` is the report itself.
    """
    report = read_report(path)
    if output is not None and output.resolve() == path.resolve():
        raise UsageError(
            f"--output {output} is the report itself",
            "the scores of the run would be lost",
            "Give another file.",
        )
    settings = find_settings(Path.cwd())
    policy = GatePolicy(
        fail_under=settings.fail_under,
        release=settings.release_policy,
        max_unavailable=settings.max_unavailable,
        delivered_under=settings.delivered_under,
    )
    with Sandbox() as sandbox:
        again = rescore(report, _suites(places), policy=policy, sandbox=sandbox)
    written = []
    if output is not None:
        page = write_report(again.report, output)
        written = [("JSON report", str(output)), ("transcript page", str(page))]
    if as_json:
        answers().print(dumps(again.report), markup=False, end="")
    else:
        for line in (
            *summary_lines(again.report, width=answers().width, next_command=None, written=written),
            *_flips(again),
        ):
            answers().print(line, markup=False, emoji=False)
    _warn(again)
    return all(gate.passed for gate in again.report.gates)


def _suites(places: Sequence[Path]) -> list[Suite]:
    for place in places:
        if not place.exists():
            raise UsageError(
                f"{place} does not exist",
                "there are no cases to score by",
                "Name the case files with --cases.",
            )
    if suites := [load_suite(path) for path in case_files(places)]:
        return suites
    raise UsageError(
        f"no case file in {', '.join(map(str, places))}",
        "there is nothing to score by",
        "Name YAML files with the key 'suite' with --cases.",
    )


def _flips(again: Rescored) -> list[str]:
    total = len(again.report.results)
    lines = [
        "",
        f"{again.scored:,} of {total:,} results scored again, {len(again.flips):,} flipped",
    ]
    for flip in again.flips:
        reason = f": {one_line(flip.reason)}" if flip.reason else ""
        lines.append(
            f"  {one_line(flip.case)} [{one_line(flip.adapter)}] {flip.old} -> {flip.new}{reason}"
        )
    return lines


def _warn(again: Rescored) -> None:
    kinds = (
        (again.new_bar, "expect something else than when the replies came: scored by today's bar"),
        (again.reworded, "ask something else today: they keep the score they had"),
        (again.missing, "in no case file any more: they keep the score they had"),
        (again.unstored, "stored without replies by turn: they keep the score they had"),
        (again.free, "free-form, scored by their own function: they keep the score they had"),
    )
    for names, what in kinds:
        if names:
            listed = ", ".join(map(one_line, names[:SHOWN_NAMES]))
            more = f" and {len(names) - SHOWN_NAMES:,} more" if names[SHOWN_NAMES:] else ""
            say_warning(f"{len(names):,} cases {what} ({listed}{more})")
    if again.report.interrupted:
        remarks().print("The run was interrupted: the report covers only what it reached.")
