"""The gates decide the exit status, and forgive nothing but the model's own failures."""

from dataclasses import replace

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.evals.free_form import free_form_result
from punie_train.evals.report import EvalReport, GateResult, ModelRecord
from punie_train.evals.result import CaseResult
from punie_train.pytest_plugin.finishing import exit_status

HELD = GateResult(name="overall", adapter="v3", passed=True, message="0.95, at least 0.9")
BROKEN = replace(HELD, passed=False)
PASSED, FAILED, INTERRUPTED, USAGE = 0, 1, 2, 4


def result(outcome: Outcome) -> CaseResult:
    """Return a result with an outcome."""
    made = free_form_result(
        case="x",
        suite="s",
        category="general",
        adapter="v3",
        prompts=(),
        turns=(),
        scores=(),
        error=None,
    )
    return replace(made, outcome=outcome)


def report(*outcomes: Outcome, gate: GateResult = HELD, interrupted: bool = False) -> EvalReport:
    """Return a report with one result per outcome and one gate."""
    return EvalReport(
        run="r",
        model=ModelRecord(path="m", fingerprint=None, template_hash=None),
        adapters=(),
        suites=(),
        sampling={},
        environment={},
        results=tuple(result(outcome) for outcome in outcomes),
        summary={},
        gates=(gate,),
        interrupted=interrupted,
    )


@pytest.mark.parametrize(
    ("status", "failed", "made", "asked", "expected"),
    [
        (PASSED, 0, report(Outcome.PASSED), True, PASSED),
        (PASSED, 0, report(Outcome.PASSED, gate=BROKEN), True, FAILED),
        (FAILED, 1, report(Outcome.FAILED), True, PASSED),
        (FAILED, 2, report(Outcome.MALFORMED, Outcome.TRUNCATED), True, PASSED),
        (FAILED, 1, report(Outcome.FAILED), False, FAILED),
        (FAILED, 1, report(Outcome.FAILED, gate=BROKEN), True, FAILED),
        (FAILED, 1, report(Outcome.UNAVAILABLE), True, FAILED),
        (FAILED, 2, report(Outcome.FAILED), True, FAILED),
        (FAILED, 1, report(Outcome.FAILED, interrupted=True), True, FAILED),
        (INTERRUPTED, 0, report(Outcome.PASSED, interrupted=True), True, INTERRUPTED),
        (USAGE, 0, report(Outcome.PASSED, gate=BROKEN), True, USAGE),
    ],
    ids=[
        "held",
        "broken",
        "held-forgives-failed",
        "held-forgives-malformed-and-truncated",
        "not-asked",
        "broken-and-failed",
        "unavailable",
        "another-test-failed",
        "exit-first",
        "ctrl-c",
        "usage",
    ],
)
def test_exit_status(
    status: int, failed: int, made: EvalReport, asked: bool, expected: int
) -> None:
    """Only a whole run whose failures are all the model's own is forgiven by its gates."""
    assert exit_status(status, failed, made, asked=asked) == expected
