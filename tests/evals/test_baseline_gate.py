"""The gate on a paired comparison: four verdicts, each with its reason."""

from collections.abc import Callable
from typing import Any

import pytest

from punie_train.evals.baseline_gate import BaselinePolicy, baseline_gates, baseline_of
from punie_train.evals.report import EvalReport, GateResult, ModelRecord
from punie_train.evals.result import CaseResult

Make = Callable[..., CaseResult]
MakeReport = Callable[..., EvalReport]


def _results(make: Make, passed: range, of: int = 100, **changes: Any) -> list[CaseResult]:
    category = changes.get("category", "tool_calling")
    return [
        make(f"{category}-{i}", "passed" if i in passed else "failed", **changes) for i in range(of)
    ]


def _gates(old: EvalReport, new: EvalReport, **policy: Any) -> tuple[GateResult, ...]:
    baseline = baseline_of(old, "v1", "old.json")
    return baseline_gates(new, "v1", baseline, BaselinePolicy(**policy))


@pytest.mark.parametrize(
    ("counts", "verdict", "passed"),
    [
        pytest.param((90, 90), "pass", True, id="itself"),
        pytest.param((60, 90), "pass", True, id="better"),
        pytest.param((90, 55), "regressed", False, id="much worse"),
        pytest.param((90, 85), "inconclusive", True, id="a little worse"),
    ],
)
def test_verdicts(
    make_report: MakeReport,
    make_result: Make,
    counts: tuple[int, int],
    verdict: str,
    passed: bool,
) -> None:
    """The interval of the difference decides, and its numbers are in the gate."""
    before, after = counts
    (gate,) = _gates(*(make_report(_results(make_result, range(n))) for n in counts))
    assert (gate.verdict, gate.passed) == (verdict, passed)
    assert gate.message.startswith(verdict.upper())
    assert gate.numbers["pairs"] == 100
    assert gate.numbers["lost"] == max(0, before - after)
    assert gate.numbers["difference"] == pytest.approx((after - before) / 100)


def test_not_knowing_is_said_with_what_it_takes(make_report: MakeReport, make_result: Make) -> None:
    """What would be seen, and how many cases are needed; strict, it fails."""
    old, new = (make_report(_results(make_result, range(n))) for n in (90, 85))
    (gate,) = _gates(old, new)
    assert "would be seen" in gate.message
    assert "cases are needed" in gate.message
    (strict,) = _gates(old, new, strict=True)
    assert (strict.verdict, strict.passed) == ("inconclusive", False)


def test_categories_are_judged_together(make_report: MakeReport, make_result: Make) -> None:
    """One that regressed is named; the others stand."""
    new = _results(make_result, range(40), 50) + _results(
        make_result, range(5), 50, category="iteration"
    )
    old = _results(make_result, range(40), 50) + _results(
        make_result, range(45), 50, category="iteration"
    )
    drops = {"overall": 0.05, "tool_calling": 0.3, "iteration": 0.05}
    gates = _gates(make_report(old), make_report(new), max_drop=drops)
    assert [gate.name for gate in gates] == [f"baseline {name}" for name in drops]
    assert [gate.verdict for gate in gates] == ["regressed", "pass", "regressed"]


def test_holm_takes_back_what_one_interval_says(make_report: MakeReport, make_result: Make) -> None:
    """A loss that is just significant alone is not among ten categories."""
    old, new = [], []
    for number in range(10):
        category = f"c{number}"
        kept = range(50) if number else range(6, 50)
        old += _results(make_result, range(50), 50, category=category)
        new += _results(make_result, kept, 50, category=category)
    reports = make_report(old), make_report(new)
    (alone,) = _gates(*reports, max_drop={"c0": 0.0})
    together = _gates(*reports, max_drop={f"c{number}": 0.0 for number in range(10)})
    assert alone.verdict == "regressed"
    assert together[0].verdict == "inconclusive"


def test_a_category_without_pairs_is_invalid(make_report: MakeReport, make_result: Make) -> None:
    """Nothing was measured there."""
    report = make_report(_results(make_result, range(90)))
    overall, missing = _gates(report, report, max_drop={"overall": 0.05, "reasoning": 0.05})
    assert overall.verdict == "pass"
    assert (missing.verdict, missing.passed) == ("invalid", False)
    assert "no case of reasoning" in missing.message


def _model(template: str | None) -> ModelRecord:
    return ModelRecord(path="m", fingerprint=None, template_hash=template)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"applied": "false"}, "was not live", id="attestation"),
        pytest.param({"model": _model("b" * 64)}, "chat template is another one", id="template"),
        pytest.param({"sampling": {"temperature": 0.3}}, "temperature 0.0 then, 0.3 now", id="T"),
    ],
)
def test_runs_that_differ_are_invalid(
    make_report: MakeReport, make_result: Make, changes: dict[str, Any], said: str
) -> None:
    """Whatever the scores say."""
    results = _results(make_result, range(90))
    facts: dict[str, Any] = {"model": _model("a" * 64), "sampling": {"temperature": 0.0}}
    old = make_report(results, **facts)
    (same,) = _gates(old, make_report(results, **facts))
    (gate,) = _gates(old, make_report(results, **(facts | changes)))
    assert same.verdict == "pass"
    assert (gate.verdict, gate.passed) == ("invalid", False)
    assert said in gate.message


def test_an_edited_case_is_invalid_and_named(make_report: MakeReport, make_result: Make) -> None:
    """The same id asks something else."""
    old = _results(make_result, range(90))
    new = [*old[:3], make_result("tool_calling-3", content_hash="other"), *old[4:]]
    (gate,) = _gates(make_report(old), make_report(new))
    assert gate.verdict == "invalid"
    assert "suite::tool_calling-3" in gate.message
    assert "suite::tool_calling-4" not in gate.message


@pytest.mark.parametrize(("lost", "verdict"), [(5, "pass"), (6, "invalid"), (10, "invalid")])
@pytest.mark.parametrize("side", ["old", "new"])
def test_too_many_unavailable_are_invalid(
    make_report: MakeReport, make_result: Make, lost: int, verdict: str, side: str
) -> None:
    """On either side; up to 5 % are left out of the pairs."""
    whole = _results(make_result, range(90))
    short = [
        make_result(one.case, "unavailable") if i < lost else one for i, one in enumerate(whole)
    ]
    sides = (short, whole) if side == "old" else (whole, short)
    (gate,) = _gates(*map(make_report, sides))
    assert gate.verdict == verdict
    if verdict == "pass":
        assert gate.numbers["pairs"] == 100 - lost


def test_runs_without_a_common_case_are_invalid(make_report: MakeReport, make_result: Make) -> None:
    """There is no pair."""
    (gate,) = _gates(make_report([make_result("a")]), make_report([make_result("b")]))
    assert gate.verdict == "invalid"
    assert "no case was answered by both" in gate.message


def test_an_adapter_that_was_not_measured_is_no_baseline(
    make_report: MakeReport, make_result: Make
) -> None:
    """It is a KeyError for the one who asks."""
    report = make_report([make_result()])
    assert baseline_of(report, "v1", "x").results == report.results
    with pytest.raises(KeyError):
        baseline_of(report, "v9", "x")
