"""Summaries of results and pairings of adapters."""

from collections.abc import Callable

import pytest

from punie_train.core.outcomes import Score
from punie_train.evals.report import FieldAccessRates
from punie_train.evals.result import CaseResult
from punie_train.evals.summary import pair, summarize, tally

Make = Callable[..., CaseResult]
OUTCOMES = ("passed", "passed", "failed", "malformed", "truncated", "unavailable")


def test_unavailable_is_outside_of_the_denominator(make_result: Make) -> None:
    """Malformed and truncated count as not passed; unavailable is counted and left out."""
    results = [make_result(f"c{i}", outcome) for i, outcome in enumerate(OUTCOMES)]
    summary = summarize(results, seconds_by_adapter={"v1": 3.0})["v1"].overall
    assert summary.cases == 6
    assert (summary.passed, summary.failed, summary.malformed) == (2, 1, 1)
    assert (summary.truncated, summary.unavailable) == (1, 1)
    assert (summary.score, summary.success_rate) == (0.4, 0.4)
    assert summary.interval is not None
    assert summary.interval.low < 0.4 < summary.interval.high
    assert summary.tokens_per_second == 20.0


def test_nothing_measured_is_none_not_zero(make_result: Make) -> None:
    """A group without a reply has no score and no interval, and an empty one is empty."""
    lost = tally([make_result(outcome="unavailable")])
    assert (lost.score, lost.success_rate, lost.interval) == (None, None, None)
    assert tally([]).cases == 0


def test_groups_are_kept_apart(make_result: Make) -> None:
    """Adapters, categories and phrasings each have their own tally, in order of appearance."""
    results = [
        make_result("a", adapter="base", tags=("new-phrasing",), outcome="failed"),
        make_result("b", adapter="base", tags=("known-phrasing",), category="reasoning"),
        make_result("a", tags=("new-phrasing",)),
    ]
    summary = summarize(results, seconds_by_adapter={})
    assert list(summary) == ["base", "v1"]
    base = summary["base"]
    assert list(base.categories) == ["tool_calling", "reasoning"]
    assert base.tags["tool_calling", "new-phrasing"].score == 0.0
    assert base.tags["overall", "known-phrasing"].score == 1.0
    assert ("tool_calling", "known-phrasing") not in base.tags
    assert base.overall.tokens_per_second is None


def test_rates_leave_out_what_does_not_apply(make_result: Make) -> None:
    """Each rate is over the replies it says something about; None where there is none."""
    read, unread = (Score(name="field_access", value=value, reason="") for value in (1.0, 0.5))
    other = Score(name="code_calls", value=1.0, reason="")
    results = [
        make_result("a", delivered=True, strict=True, scores=(read,)),
        make_result("b", "failed", delivered=False, strict=True, scores=(unread,)),
        make_result("c", "failed", strict=False),
        make_result("d", "malformed", strict=False, scores=(other, read)),
        make_result("e", "truncated", scores=(read,)),
        make_result("f", "unavailable"),
        make_result("g", scores=(other, read)),
    ]
    summary = summarize(results, seconds_by_adapter={})["v1"]
    assert summary.delivered_rate == 0.5
    assert summary.strict_format_rate == 0.5
    assert summary.field_access_rate == FieldAccessRates(static=0.4)
    nothing = summarize([make_result()], seconds_by_adapter={})["v1"]
    assert nothing.delivered_rate is None
    assert nothing.strict_format_rate is None
    assert nothing.field_access_rate == FieldAccessRates()


def test_field_access_has_three_levels(make_result: Make) -> None:
    """Each level is over the replies that were measured on it."""

    def scored(**values: float) -> tuple[Score, ...]:
        return tuple(
            Score(name=f"field_access{level}", value=value, reason="")
            for level, value in values.items()
        )

    results = [
        make_result("a", scores=scored(**{"": 1.0, "_typed": 1.0, "_executed": 1.0})),
        make_result("b", "failed", scores=scored(**{"": 1.0, "_typed": 1.0, "_executed": 0.0})),
        make_result("c", "failed", scores=scored(**{"": 1.0, "_typed": 0.0})),
        make_result("d", "malformed", scores=scored(**{"": 1.0, "_typed": 1.0, "_executed": 1.0})),
    ]
    rates = summarize(results, seconds_by_adapter={})["v1"].field_access_rate
    assert (rates.static, rates.typed) == (0.75, 0.5)
    assert rates.executed == pytest.approx(1 / 3)


def test_repeats_are_means_of_a_case(make_result: Make) -> None:
    """Repeats widen nothing: n is the number of cases, scores are case means."""
    results = [
        make_result("a", repeat=1),
        make_result("a", "failed", repeat=2),
        make_result("b", repeat=1),
        make_result("b", "unavailable", repeat=2),
    ]
    summary = tally(results)
    assert (summary.cases, summary.passed, summary.failed, summary.unavailable) == (2, 2, 1, 1)
    assert (summary.score, summary.success_rate) == (0.75, 0.75)


def test_the_interval_is_that_of_the_score(make_result: Make) -> None:
    """Scores between 0 and 1 have an interval that holds their mean, not the share that passed."""
    partial = tally([make_result(f"c{i}", score=0.6) for i in range(50)])
    assert (partial.score, partial.success_rate) == (pytest.approx(0.6), 1.0)
    assert partial.interval is not None
    assert partial.interval.low < 0.6 < partial.interval.high < 0.8


def test_speed_leaves_out_free_form_evaluations(make_result: Make) -> None:
    """Their tokens were not made in the generation phase, whose time is what counts."""
    free = make_result("free", content_hash="", completion_tokens=9_000)
    mixed = summarize([make_result("a"), free], seconds_by_adapter={"v1": 0.5})["v1"]
    assert mixed.overall.tokens_per_second == 20.0
    alone = summarize([free], seconds_by_adapter={"v1": 1e-6})["v1"]
    assert alone.overall.tokens_per_second is None


def test_replies_are_counted_beside_cases(make_result: Make) -> None:
    """With repeats there are more replies than cases, and only answered ones have a score."""
    results = [make_result("a", outcome, repeat=i) for i, outcome in enumerate(OUTCOMES, 1)]
    counted = tally(results)
    assert (counted.cases, counted.answered, counted.replies) == (1, 5, 6)


def test_pairs_are_the_same_case_on_both_sides(make_result: Make) -> None:
    """Gains and losses are counted over cases that both answered; the rest is unpaired."""
    results = [
        make_result("won", "failed", adapter="base"),
        make_result("won"),
        make_result("lost", adapter="base"),
        make_result("lost", "malformed"),
        make_result("kept", adapter="base"),
        make_result("kept"),
        make_result("more", "failed", adapter="base", category="reasoning"),
        make_result("more", category="reasoning"),
        make_result("gone", "unavailable", adapter="base"),
        make_result("gone"),
        make_result("only-new"),
        make_result("edited", adapter="base", content_hash="other"),
        make_result("edited"),
        make_result("elsewhere", adapter="v9"),
    ]
    overall, tool_calling, reasoning = pair(results, "base", "v1")
    assert (overall.category, overall.pairs, overall.gained, overall.lost) == ("overall", 4, 2, 1)
    assert overall.unpaired == 3
    assert overall.difference == pytest.approx(0.25)
    assert (tool_calling.category, tool_calling.difference) == ("tool_calling", 0.0)
    assert (reasoning.pairs, reasoning.difference) == (1, 1.0)


def test_adapters_without_a_common_case_have_no_difference(make_result: Make) -> None:
    """Nothing paired is None, not zero."""
    (overall, *_) = pair([make_result("a"), make_result("b", adapter="v2")], "v1", "v2")
    assert (overall.pairs, overall.unpaired, overall.difference) == (0, 2, None)


def test_repeats_give_the_chance_of_one_and_of_all(make_result: Make) -> None:
    """Per case and then the mean: never a power of the pass rate."""
    outcomes = {"a": "ppp", "b": "pff", "c": "fff"}
    results = [
        make_result(case, "passed" if letter == "p" else "failed", repeat=number)
        for case, letters in outcomes.items()
        for number, letter in enumerate(letters, start=1)
    ]
    rates = summarize(results, seconds_by_adapter={})["v1"].repeats
    assert [(one.k, one.cases) for one in rates] == [(1, 3), (2, 3), (3, 3)]
    assert [one.pass_at for one in rates] == pytest.approx([4 / 9, 5 / 9, 2 / 3])
    assert [one.pass_hat for one in rates] == pytest.approx([4 / 9, 1 / 3, 1 / 3])


def test_a_lost_repeat_leaves_its_case_out_of_the_highest_k(make_result: Make) -> None:
    """An unavailable reply is neither right nor wrong."""
    results = [
        make_result("a", repeat=1),
        make_result("a", repeat=2),
        make_result("b", "failed", repeat=1),
        make_result("b", "unavailable", repeat=2),
    ]
    first, second = summarize(results, seconds_by_adapter={})["v1"].repeats
    assert (first.cases, first.pass_at) == (2, 0.5)
    assert (second.cases, second.pass_hat) == (1, 1.0)


def test_without_repeats_nothing_is_said_of_them(make_result: Make) -> None:
    """One reply a case has no k."""
    assert summarize([make_result()], seconds_by_adapter={})["v1"].repeats == ()
