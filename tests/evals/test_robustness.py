"""B15: robust, fragile or not known, over temperatures and seeds."""

from collections.abc import Callable

import pytest

from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult
from punie_train.evals.robustness import Robustness, judge_robustness

Make = Callable[..., CaseResult]
MakeReport = Callable[..., EvalReport]


def _results(make: Make, passed: int, of: int = 200, **changes: object) -> list[CaseResult]:
    return [make(f"c{i}", "passed" if i < passed else "failed", **changes) for i in range(of)]


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((180, 179, 178), Robustness.ROBUST),
        ((180, 179, 120), Robustness.FRAGILE),
        ((180, 179, 158), Robustness.INCONCLUSIVE),
    ],
)
def test_temperatures(
    make_report: MakeReport, make_result: Make, counts: tuple[int, ...], verdict: Robustness
) -> None:
    """One setting that loses is enough."""
    runs = [
        (temperature, make_report(_results(make_result, passed)))
        for temperature, passed in zip((0.0, 0.3, 0.7), counts, strict=True)
    ]
    found = judge_robustness(runs)
    assert found.verdict is verdict
    assert [one.temperature for one in found.settings] == [0.0, 0.3, 0.7]
    assert found.settings[0].difference is None


def test_repeats_count_as_means_of_their_case(make_report: MakeReport, make_result: Make) -> None:
    """Three replies to a case are one case."""
    cold = make_report(_results(make_result, 180))
    warm = make_report(
        [one for repeat in (1, 2, 3) for one in _results(make_result, 180, repeat=repeat)]
    )
    found = judge_robustness([(0.0, cold), (0.7, warm)])
    assert found.verdict is Robustness.ROBUST
    difference = found.settings[1].difference
    assert difference is not None
    assert (difference.pairs, difference.difference) == (200, 0.0)


def test_adapters_of_several_seeds(make_report: MakeReport, make_result: Make) -> None:
    """Each is compared with the first."""
    report = make_report(
        [*_results(make_result, 180, adapter="s1"), *_results(make_result, 90, adapter="s2")]
    )
    found = judge_robustness([(0.0, report)])
    assert [one.adapter for one in found.settings] == ["s1", "s2"]
    assert found.verdict is Robustness.FRAGILE


def test_one_setting_is_refused(make_report: MakeReport, make_result: Make) -> None:
    """There is nothing to compare."""
    with pytest.raises(ValueError, match="two settings"):
        judge_robustness([(0.0, make_report([make_result()]))])
