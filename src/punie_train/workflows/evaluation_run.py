"""Evaluate by a pytest process of its own, and read the report that it writes."""

from collections.abc import Sequence
from pathlib import Path

from punie_train.core.errors import PunieTrainError
from punie_train.evals.report import EvalReport
from punie_train.processes.child import Child
from punie_train.reporting.read_report import read_report

LOG_LINES = 15
KNOWN_WARNING = "ignore:Module already imported:pytest.PytestAssertRewriteWarning"
"""The leash that holds the child has this package loaded before pytest; projects with
`filterwarnings = error` would end there."""


class EvaluationError(PunieTrainError):
    """An evaluation gave no report."""


def evaluate_in_child(what: str, suite: Path, report: Path, options: Sequence[str]) -> EvalReport:
    """Run `pytest SUITE` with options; return the report, which is kept with its log beside it.

    Broken gates and failed cases are results. `what` names the evaluation in a message. Raises
    EvaluationError for a run without a report, with the last words of its log.
    """
    report.unlink(missing_ok=True)
    log = report.with_suffix(".log")
    child = Child.start(
        [
            *("pytest", str(suite), "-q", "-p", "no:cacheprovider", "-W", KNOWN_WARNING),
            *(*options, "--eval-report", str(report.resolve())),
        ],
        log_path=log,
    )
    try:
        status = child.wait()
    finally:
        child.stop()
    if not report.is_file():
        raise EvaluationError(
            f"{what} gave no report (exit status {status})",
            f"nothing can be compared. Its last words:\n{child.log_tail(LOG_LINES)}\n",
            f"Read {log}",
        )
    return read_report(report)
