"""What a policy says of a report."""

from collections.abc import Callable
from typing import Any

import pytest

from punie_train.evals.gates import GatePolicy, judge
from punie_train.evals.report import AdapterRecord, EvalReport, GateResult
from punie_train.evals.result import CaseResult

Make = Callable[..., CaseResult]
MakeReport = Callable[..., EvalReport]


def _cases(make: Make, passed: int, of: int, **changes: Any) -> list[CaseResult]:
    category = changes.get("category", "tool_calling")
    return [
        make(f"{category}-{i}", "passed" if i < passed else "failed", **changes) for i in range(of)
    ]


def _broken(gates: tuple[GateResult, ...]) -> list[str]:
    return [gate.name for gate in gates if not gate.passed]


def test_a_healthy_report_without_a_policy_has_no_gates(
    make_report: MakeReport, make_result: Make
) -> None:
    """Validity is silent when nothing is wrong."""
    assert judge(make_report([make_result()]), GatePolicy()) == ()


@pytest.mark.parametrize(
    ("passed", "lowest", "holds"), [(95, 0.95, True), (94, 0.95, False), (0, 0.0, True)]
)
def test_fail_under_looks_at_the_score(
    make_report: MakeReport, make_result: Make, passed: int, lowest: float, holds: bool
) -> None:
    """The score itself passes, anything below it does not."""
    policy = GatePolicy(fail_under={"overall": lowest, "tool_calling": lowest})
    gates = judge(make_report(_cases(make_result, passed, 100)), policy)
    assert [gate.passed for gate in gates] == [holds, holds]
    assert [", at least " in gate.message for gate in gates] == [holds, holds]
    assert [gate.name for gate in gates] == ["fail-under overall", "fail-under tool_calling"]


def test_a_category_that_did_not_run_measured_nothing(
    make_report: MakeReport, make_result: Make
) -> None:
    """A misspelt category fails its gate, and so does one without any reply."""
    report = make_report([make_result(), make_result("x", "unavailable", category="reasoning")])
    policy = GatePolicy(fail_under={"tool_caling": 0.1, "reasoning": 0.1}, max_unavailable=1.0)
    misspelt, silent = judge(report, policy)
    assert not misspelt.passed
    assert "measured nothing" in misspelt.message
    assert "did you mean tool_calling" in misspelt.message
    assert not silent.passed
    assert "every case of reasoning is unavailable" in silent.message


@pytest.mark.parametrize(("lost", "valid"), [(5, True), (6, False)])
def test_too_many_unavailable_is_invalid(
    make_report: MakeReport, make_result: Make, lost: int, valid: bool
) -> None:
    """Five of a hundred may be missing by default, six not."""
    results = [make_result(f"c{i}", "unavailable" if i < lost else "passed") for i in range(100)]
    gates = judge(make_report(results), GatePolicy())
    assert (gates == ()) is valid
    assert all("INVALID: 6 of 100" in gate.message for gate in gates)


def test_no_case_is_a_failed_gate(make_report: MakeReport) -> None:
    """An evaluation of nothing never passes."""
    (gate,) = judge(make_report([]), GatePolicy())
    assert not gate.passed
    assert "nothing was measured" in gate.message


def test_an_adapter_without_cases_is_a_failed_gate(
    make_report: MakeReport, make_result: Make
) -> None:
    """An adapter that was asked for and never ran is named."""
    report = make_report([make_result()])
    (record,) = report.adapters
    idle = AdapterRecord(name="v2", path=None, fingerprint=None, attestation=record.attestation)
    gates = judge(make_report([make_result()], adapters=(record, idle)), GatePolicy())
    assert [(gate.name, gate.adapter) for gate in gates] == [("cases", "v2")]


@pytest.mark.parametrize(
    ("applied", "valid"),
    [("true", True), ("unverified", True), ("not-applicable", True), ("false", False)],
)
def test_an_adapter_that_was_not_applied_fails(
    make_report: MakeReport, make_result: Make, applied: str, valid: bool
) -> None:
    """Scores of an adapter that was not live are invalid, with the reason."""
    gates = judge(make_report([make_result()], applied=applied), GatePolicy())
    assert (gates == ()) is valid
    assert all("canaries are equal" in gate.message for gate in gates)


def test_an_interrupted_session_is_invalid(make_report: MakeReport, make_result: Make) -> None:
    """Half of a suite passes no gate."""
    gates = judge(make_report([make_result()], interrupted=True), GatePolicy())
    assert _broken(gates) == ["complete"]


@pytest.mark.parametrize(
    ("delivered", "holds"), [((True, True), True), ((True, False), False), ((None, None), False)]
)
def test_delivered_is_a_gate_when_asked_for(
    make_report: MakeReport, make_result: Make, delivered: tuple[bool | None, ...], holds: bool
) -> None:
    """The rate is judged only with a threshold; nothing measured does not pass it."""
    results = [make_result(f"c{i}", delivered=value) for i, value in enumerate(delivered)]
    assert judge(make_report(results), GatePolicy()) == ()
    (gate,) = judge(make_report(results), GatePolicy(delivered_under=1.0))
    assert gate.passed is holds


def test_the_last_adapter_is_the_candidate(make_report: MakeReport, make_result: Make) -> None:
    """A base below the line is no failure when the candidate is above it."""
    results = _cases(make_result, 0, 5, adapter="base") + _cases(make_result, 5, 5)
    (gate,) = judge(make_report(results), GatePolicy(fail_under={"overall": 0.9}))
    assert (gate.adapter, gate.passed) == ("v1", True)


GOOD = {"tool_calling": (80, 96), "code_generation": (90, 90), "reasoning": (90, 90)}
RELEASE = [
    ("kept", {}, {}, []),
    (
        "tool-calling-low",
        {"tool_calling": (80, 94)},
        {},
        ["release: tool calling at least 95 %"],
    ),
    (
        "tool-calling-not-better",
        {"tool_calling": (96, 96)},
        {},
        ["release: tool calling better than base"],
    ),
    (
        "code-lost",
        {"code_generation": (90, 89)},
        {},
        ["release: code_generation not below base"],
    ),
    ("reasoning-lost", {"reasoning": (91, 90)}, {}, ["release: reasoning not below base"]),
    (
        "overall-low",
        {"code_generation": (60, 60), "reasoning": (60, 60)},
        {},
        ["release: overall at least 85 %"],
    ),
    (
        "overall-below-base",
        {"code_generation": (100, 70), "reasoning": (100, 99)},
        {},
        [
            "release: overall not below base",
            "release: code_generation not below base",
            "release: reasoning not below base",
        ],
    ),
    ("format", {}, {"strict": False}, ["release: strict format at least 100 %"]),
]


@pytest.mark.parametrize(
    ("scores", "candidate", "broken"), [pytest.param(*row[1:], id=row[0]) for row in RELEASE]
)
def test_the_release_policy_names_each_broken_line(
    make_report: MakeReport,
    make_result: Make,
    scores: dict[str, tuple[int, int]],
    candidate: dict[str, Any],
    broken: list[str],
) -> None:
    """Every line of the policy is judged on base and candidate over the same categories."""
    results: list[CaseResult] = []
    for category, (base, new) in (GOOD | scores).items():
        results += _cases(make_result, base, 100, category=category, adapter="base")
        results += _cases(
            make_result, new, 100, category=category, **({"strict": True} | candidate)
        )
    gates = judge(make_report(results), GatePolicy(release=True))
    assert len(gates) == 7
    assert sorted(_broken(gates)) == sorted(broken)


def test_the_release_policy_needs_the_bare_model(
    make_report: MakeReport, make_result: Make
) -> None:
    """Without base only the absolute lines are judged; base itself is not to be released."""
    policy = GatePolicy(release=True)
    gates = judge(make_report(_cases(make_result, 8, 10)), policy)
    assert [(gate.name, gate.passed) for gate in gates] == [
        ("release: overall at least 85 %", False),
        ("release: tool calling at least 95 %", False),
    ]
    assert judge(make_report([make_result(adapter="base")]), policy) == ()


@pytest.mark.parametrize(("outcome", "holds"), [("passed", True), ("failed", False)])
def test_the_release_policy_compares_the_cases_that_both_answered(
    make_report: MakeReport, make_result: Make, outcome: str, holds: bool
) -> None:
    """A case that one side lost decides nothing; one that both answered does."""
    both = [make_result(f"c{i}", adapter=name) for i in range(18) for name in ("base", "v1")]
    lost = [make_result("x", "unavailable", adapter="base"), make_result("x", "failed")]
    last = [make_result("y", adapter="base"), make_result("y", outcome)]
    gates = judge(make_report([*both, *lost, *last]), GatePolicy(release=True))
    line = next(gate for gate in gates if gate.name == "release: overall not below base")
    assert line.passed is holds
    assert "the 19 cases that both answered" in line.message


def test_the_release_policy_fails_without_a_common_case(
    make_report: MakeReport, make_result: Make
) -> None:
    """Where base and candidate answered no case in common, nothing says that it is not below."""
    results = [make_result("x", "unavailable", adapter="base"), make_result("x")]
    gates = judge(make_report(results), GatePolicy(release=True, max_unavailable=1.0))
    assert _broken(gates) == [
        "release: overall not below base",
        "release: tool calling better than base",
    ]


def test_the_release_policy_leaves_out_categories_that_did_not_run(
    make_report: MakeReport, make_result: Make
) -> None:
    """Only overall is judged when nothing else ran and nothing was called."""
    results = [make_result(adapter="base", category="agent"), make_result(category="agent")]
    gates = judge(make_report(results), GatePolicy(release=True))
    assert [gate.passed for gate in gates] == [True, True]
