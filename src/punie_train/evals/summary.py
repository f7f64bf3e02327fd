"""Summarize results: by adapter, category and phrasing, and two adapters against each other."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import fsum
from statistics import fmean
from typing import TypeVar

from punie_train.core.outcomes import Outcome
from punie_train.evals.confusion import confusion
from punie_train.evals.report import AdapterSummary, FieldAccessRates, Pairing, RepeatRates, Tally
from punie_train.evals.result import CaseResult
from punie_train.evals.scorers import executed_access, field_access, typed_access
from punie_train.evals.statistics.intervals import wilson
from punie_train.evals.statistics.repeats import pass_at_k, pass_hat_k

OVERALL = "overall"
PHRASINGS = ("new-phrasing", "known-phrasing")

K = TypeVar("K", bound=Hashable)
Results = Sequence[CaseResult]


def summarize(
    results: Results, *, seconds_by_adapter: Mapping[str, float]
) -> dict[str, AdapterSummary]:
    """Return the summary of every adapter, in the order of the results.

    `seconds_by_adapter` is the wall time of each generation phase, in which the replies to all
    cases were made, but not those to free-form evaluations.
    """
    return {
        adapter: _summary(own, seconds_by_adapter.get(adapter))
        for adapter, own in grouped(results, lambda result: result.adapter).items()
    }


def _summary(results: Results, seconds: float | None) -> AdapterSummary:
    categories = grouped(results, lambda result: result.category)
    groups = {OVERALL: results, **categories}
    tagged = {
        (name, tag): [result for result in group if tag in result.tags]
        for name, group in groups.items()
        for tag in PHRASINGS
    }
    return AdapterSummary(
        overall=tally(results, seconds),
        categories={name: tally(group) for name, group in categories.items()},
        tags={key: tally(group) for key, group in tagged.items() if group},
        delivered_rate=_share(result.delivered for result in results),
        strict_format_rate=_share(result.strict for result in results),
        field_access_rate=FieldAccessRates(
            static=_share(_reads_fields(result, field_access.NAME) for result in results),
            typed=_share(_reads_fields(result, typed_access.NAME) for result in results),
            executed=_share(_reads_fields(result, executed_access.NAME) for result in results),
        ),
        confusion=confusion(results),
        repeats=_repeats(results),
    )


def tally(results: Results, seconds: float | None = None) -> Tally:
    """Return counts and score of a group.

    With repeats, `cases` counts cases and the outcomes count replies; score, success rate and
    interval are over the means of the cases, because repeats are not independent cases. The
    interval is that of the score; for scores between 0 and 1 Wilson's is wider than need be.
    """
    by_case = grouped(results, _key)
    passed = [r for r in map(_pass_rate, by_case.values()) if r is not None]
    scores = [s for s in map(_mean_score, by_case.values()) if s is not None]
    count = {outcome: sum(r.outcome is outcome for r in results) for outcome in Outcome}
    return Tally(
        cases=len(by_case),
        passed=count[Outcome.PASSED],
        failed=count[Outcome.FAILED],
        malformed=count[Outcome.MALFORMED],
        truncated=count[Outcome.TRUNCATED],
        unavailable=count[Outcome.UNAVAILABLE],
        score=fmean(scores) if scores else None,
        success_rate=fmean(passed) if passed else None,
        interval=wilson(min(fsum(scores), len(scores)), len(scores)) if scores else None,
        tokens_per_second=_tokens_per_second(results, seconds),
        strict_format_rate=_share(result.strict for result in results),
        lenient_format_rate=_share(
            None if result.strict is None else not result.malformed for result in results
        ),
    )


def _tokens_per_second(results: Results, seconds: float | None) -> float | None:
    tokens = [result.completion_tokens for result in results if result.content_hash]
    return sum(tokens) / seconds if tokens and seconds else None


def pair(results: Results, old: str, new: str) -> tuple[Pairing, ...]:
    """Return two adapters on the same cases: `overall`, then every category.

    A case without a reply on one side, or whose content differs, is unpaired. With repeats the
    means of a case are compared; `gained` and `lost` count cases, `difference` is new - old.
    """
    both = [result for result in results if result.adapter in (old, new)]
    groups = {OVERALL: both, **grouped(both, lambda result: result.category)}
    return tuple(_pairing(group, old, new, name) for name, group in groups.items())


def _pairing(results: Results, old: str, new: str, category: str) -> Pairing:
    sides = [
        {
            key: score
            for key, group in grouped(_of(results, name), _key_and_hash).items()
            if (score := _mean_score(group)) is not None
        }
        for name in (old, new)
    ]
    shared = [key for key in sides[0] if key in sides[1]]
    differences = [sides[1][key] - sides[0][key] for key in shared]
    return Pairing(
        old=old,
        new=new,
        category=category,
        pairs=len(shared),
        gained=sum(difference > 0 for difference in differences),
        lost=sum(difference < 0 for difference in differences),
        unpaired=len({_key(result) for result in results}) - len(shared),
        difference=fmean(differences) if differences else None,
    )


def grouped(results: Iterable[CaseResult], key: Callable[[CaseResult], K]) -> dict[K, Results]:
    """Return the results by key, in order of first appearance."""
    groups: dict[K, list[CaseResult]] = {}
    for result in results:
        groups.setdefault(key(result), []).append(result)
    return dict(groups)


def _of(results: Results, adapter: str) -> Results:
    return [result for result in results if result.adapter == adapter]


def _key(result: CaseResult) -> tuple[str, str]:
    return result.suite, result.case


def _key_and_hash(result: CaseResult) -> tuple[str, str, str]:
    return result.suite, result.case, result.content_hash


def _mean_score(results: Results) -> float | None:
    scores = [result.score for result in results if result.score is not None]
    return fmean(scores) if scores else None


def _pass_rate(results: Results) -> float | None:
    told = [r.outcome is Outcome.PASSED for r in results if r.outcome is not Outcome.UNAVAILABLE]
    return fmean(told) if told else None


def _reads_fields(result: CaseResult, name: str) -> bool | None:
    told = next((score.value == 1.0 for score in result.scores if score.name == name), None)
    lost = result.outcome in (Outcome.MALFORMED, Outcome.TRUNCATED)
    return False if lost and told is not None else told


def _repeats(results: Results) -> tuple[RepeatRates, ...]:
    answered = [result for result in results if result.outcome is not Outcome.UNAVAILABLE]
    counts = [
        (len(group), sum(result.outcome is Outcome.PASSED for result in group))
        for group in grouped(answered, _key).values()
    ]
    most = max((repeats for repeats, _ in counts), default=1)
    rates = []
    for k in range(1, most + 1 if most > 1 else 1):
        enough = [count for count in counts if count[0] >= k]
        at, hat = pass_at_k(enough, k), pass_hat_k(enough, k)
        rates.append(RepeatRates(k=k, pass_at=at, pass_hat=hat, cases=len(enough)))
    return tuple(rates)


def _share(answers: Iterable[bool | None]) -> float | None:
    told = [answer for answer in answers if answer is not None]
    return fmean(told) if told else None
