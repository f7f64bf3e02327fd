"""Is the new model worse than the old one by more than is allowed? Yes, no, or not known.

Pure numbers: whether the two runs may be compared at all is asked elsewhere.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from punie_train.evals.statistics.intervals import Interval
from punie_train.evals.statistics.multiplicity import holm
from punie_train.evals.statistics.paired import (
    PairedScores,
    difference_intervals,
    pair_scores,
    worse_p_value,
)
from punie_train.evals.statistics.power import cases_needed, detectable_difference
from punie_train.evals.statistics.resampling import RESAMPLES

MAX_DROP = 0.05
STEPS = 30
"""Halvings of 1: p values are then exact to 1e-9."""

K = TypeVar("K", bound=Hashable)


class Verdict(StrEnum):
    """What the interval of the difference says about the allowed drop."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REGRESSED = "regressed"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVerdict:
    """A verdict with the numbers it rests on; scores and differences in 0.0 to 1.0.

    `lost` (b) and `gained` (c) count the cases that the old or the new model does better, `pairs`
    those that both answered, `unpaired` those that only one did, `clusters` what they come in (None
    where cases stand alone). `difference` is new - old, `interval` its own.
    `p_value` is of "new is not worse" (one-sided), `p_regressed` of "new is not worse by more than
    `max_drop`": the smallest alpha at which the interval lies below (adjusted, among categories).
    `detectable` is the difference that these pairs show with a power of 80 %, `cases_needed` how
    many pairs show one of `max_drop` if as many stay discordant. None: nothing to tell from.
    """

    verdict: Verdict
    max_drop: float
    pairs: int
    unpaired: int
    clusters: int | None
    lost: int
    gained: int
    difference: float | None
    interval: Interval
    p_value: float
    p_regressed: float
    detectable: float | None
    cases_needed: int | None


def judge_pair(
    old: Mapping[K, float],
    new: Mapping[K, float],
    *,
    max_drop: float = MAX_DROP,
    clusters: Mapping[K, Hashable] | None = None,
    repeats: int = 1,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> PairVerdict:
    """Judge the difference new - old on the cases that both have.

    `old` and `new` map cases to scores, 0.0 to 1.0, with repeats to their mean. PASS when the
    interval lies above -max_drop, REGRESSED when it lies below, else INCONCLUSIVE, also without a
    pair. `clusters` maps cases to labels; with fewer than about 20 of them, PASS says little about
    a whole cluster failing. `repeats` is how many replies a score is the mean of. Raises
    `ValueError` for a score or a drop outside of 0 to 1, or for a case without a cluster where
    there are some.
    """
    if not 0 <= max_drop < 1:
        raise ValueError(f"a drop of {max_drop} is not between 0 and 1")
    paired = pair_scores(old, new, clusters=clusters, repeats=repeats)
    interval_at = difference_intervals(paired, resamples=resamples, seed=seed)
    interval = interval_at(confidence)
    resolution = 0.0 if paired.alone else 2 / (resamples + 1)
    return PairVerdict(
        verdict=_verdict(interval, max_drop),
        max_drop=max_drop,
        pairs=len(paired.differences),
        unpaired=paired.unpaired,
        clusters=None if paired.clusters is None else paired.units,
        lost=paired.lost,
        gained=paired.gained,
        difference=paired.mean,
        interval=interval,
        p_value=worse_p_value(paired, resamples=resamples, seed=seed),
        p_regressed=max(resolution, _smallest_alpha(interval_at, -max_drop)),
        detectable=_detectable(paired, confidence),
        cases_needed=_needed(paired, max_drop, confidence),
    )


def judge_categories(
    old: Mapping[str, Mapping[K, float]],
    new: Mapping[str, Mapping[K, float]],
    *,
    max_drop: float = MAX_DROP,
    clusters: Mapping[K, Hashable] | None = None,
    repeats: int = 1,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> dict[str, PairVerdict]:
    """Judge every category of `old` or `new`; any false REGRESSED among them is rare.

    The rate at which one or more is called REGRESSED that is not, is at most 1 - confidence (Holm
    1979 on `p_regressed`): what only its own interval says becomes INCONCLUSIVE. PASS is each
    category's own. Raises `ValueError` as `judge_pair` does.
    """
    verdicts = {
        name: judge_pair(
            old.get(name, {}),
            new.get(name, {}),
            max_drop=max_drop,
            clusters=clusters,
            repeats=repeats,
            confidence=confidence,
            resamples=resamples,
            seed=seed,
        )
        for name in dict.fromkeys((*old, *new))
    }
    measured = [name for name, verdict in verdicts.items() if verdict.pairs]
    adjusted = holm([verdicts[name].p_regressed for name in measured])
    for name, p in zip(measured, adjusted, strict=True):
        verdict = verdicts[name].verdict
        if verdict is Verdict.REGRESSED and p > 1 - confidence:
            verdict = Verdict.INCONCLUSIVE
        verdicts[name] = replace(verdicts[name], verdict=verdict, p_regressed=p)
    return verdicts


def overall_verdict(verdicts: Iterable[PairVerdict]) -> Verdict:
    """Return REGRESSED if any is, PASS if all are (and there is one), else INCONCLUSIVE."""
    told = {verdict.verdict for verdict in verdicts}
    if Verdict.REGRESSED in told:
        return Verdict.REGRESSED
    return Verdict.PASS if told == {Verdict.PASS} else Verdict.INCONCLUSIVE


def _verdict(interval: Interval, max_drop: float) -> Verdict:
    if interval.low > -max_drop:
        return Verdict.PASS
    return Verdict.REGRESSED if interval.high < -max_drop else Verdict.INCONCLUSIVE


def _smallest_alpha(interval_at: Callable[[float], Interval], limit: float) -> float:
    """Return the smallest alpha whose interval of 1 - alpha lies below the limit, 1.0 if none."""
    if interval_at(0.0).high >= limit:
        return 1.0
    above, below = 0.0, 1.0
    for _ in range(STEPS):
        alpha = (above + below) / 2
        if interval_at(1 - alpha).high < limit:
            below = alpha
        else:
            above = alpha
    return below


def _detectable(paired: PairedScores, confidence: float) -> float | None:
    n = len(paired.differences)
    return detectable_difference(paired.discordant, n, confidence=confidence) if n else None


def _needed(paired: PairedScores, max_drop: float, confidence: float) -> int | None:
    if not max_drop or not paired.differences:
        return None
    share = paired.discordant / len(paired.differences)
    return cases_needed(max_drop, max(share, max_drop), confidence=confidence)
