"""Two models on the same cases: the differences, and the interval of their mean."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from math import fsum, sqrt
from typing import TypeVar

from punie_train.evals.statistics.clustered import cluster_sums
from punie_train.evals.statistics.exact_tests import Alternative, mcnemar
from punie_train.evals.statistics.intervals import Interval, normal_quantile
from punie_train.evals.statistics.resampling import RESAMPLES, bootstrap, sign_flip

K = TypeVar("K", bound=Hashable)

STEPS = 40
"""Halvings of an interval of at most 2: the end is then exact to 2e-12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedScores:
    """The cases that both models answered, and `unpaired`, how many only one did.

    `differences` are new - old, each -1.0 to 1.0; `clusters` has a label for each, None where cases
    stand alone. `binary` says that all scores are 0 or 1, from one repeat.
    """

    differences: tuple[float, ...]
    clusters: tuple[Hashable, ...] | None
    unpaired: int
    binary: bool

    @property
    def alone(self) -> bool:
        """Return whether the cases are 0/1 and stand alone, as the tests of a 2x2 table need."""
        return self.binary and self.clusters is None

    @property
    def units(self) -> int:
        """Return how many clusters there are, or cases that stand alone."""
        return len(self.differences) if self.clusters is None else len(set(self.clusters))

    @property
    def lost(self) -> int:
        """Return b: how many cases the old model does better."""
        return sum(difference < 0 for difference in self.differences)

    @property
    def gained(self) -> int:
        """Return c: how many cases the new model does better."""
        return sum(difference > 0 for difference in self.differences)

    @property
    def mean(self) -> float | None:
        """Return the mean difference, None without a pair."""
        return fsum(self.differences) / len(self.differences) if self.differences else None

    @property
    def discordant(self) -> float:
        """Return the sum of squared differences of the clusters: b + c for 0/1 scores alone."""
        return fsum(total**2 for total, _ in cluster_sums(self.differences, self.clusters))


def pair_scores(
    old: Mapping[K, float],
    new: Mapping[K, float],
    *,
    clusters: Mapping[K, Hashable] | None = None,
    repeats: int = 1,
) -> PairedScores:
    """Pair the scores (case means over `repeats`, 0.0 to 1.0) by case.

    Leave out of `old` and `new` what is unavailable. `clusters` maps cases to labels. Raises
    `ValueError` for a score outside of 0 to 1, or for a paired case without a label.
    """
    if not all(0 <= score <= 1 for side in (old, new) for score in side.values()):
        raise ValueError("a score is not between 0 and 1")
    shared = [case for case in old if case in new]
    labels = None
    if clusters is not None:
        if without := [case for case in shared if case not in clusters]:
            raise ValueError(f"{len(without)} cases have no cluster, {without[0]!r} among them")
        labels = tuple(clusters[case] for case in shared)
        if len(set(labels)) == len(labels):
            labels = None
    return PairedScores(
        differences=tuple(new[case] - old[case] for case in shared),
        clusters=labels,
        unpaired=len(old) + len(new) - 2 * len(shared),
        binary=repeats == 1 and all(side[case] in (0, 1) for side in (old, new) for case in shared),
    )


def tango(lost: int, gained: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of the difference of two paired rates (Tango 1998).

    The differences δ that the score test does not reject: (c - b - nδ)² <= z² n (2q + δ(1 - δ)),
    with b `lost`, c `gained` and q the likeliest probability of a loss given δ. Unlike Wald's it
    keeps a width without discordant pairs: ± z²/(n + z²), 2.9 points at n = 130. Raises
    `ValueError` for counts that do not fit.
    """
    if n < 1 or lost < 0 or gained < 0 or lost + gained > n:
        raise ValueError(f"{lost} lost and {gained} gained of {n} pairs do not fit")
    z = normal_quantile(confidence)

    def accepted(delta: float) -> bool:
        linear = (2 * n - gained + lost) * delta - lost - gained
        constant = -lost * delta * (1 - delta)
        loss = (sqrt(max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n)
        variance = n * (2 * loss + delta * (1 - delta))
        return (gained - lost - n * delta) ** 2 <= z * z * variance

    middle = (gained - lost) / n
    return Interval(low=_last(accepted, middle, -1.0), high=_last(accepted, middle, 1.0))


def difference_intervals(
    paired: PairedScores, *, resamples: int = RESAMPLES, seed: int = 0
) -> Callable[[float], Interval]:
    """Return a function from a confidence to the interval of the mean difference.

    Tango's for 0/1 scores of one repeat without clusters, else the paired cluster bootstrap. The
    bootstrap collapses, too, where few cases differ: its ends are kept at least z²/(n + z²) from
    the mean, Tango's half-width without discordant pairs. Where there is nothing to draw from (no
    pair, or a single one or cluster) it is -1 to 1: nothing is known.
    """
    mean, n = paired.mean, len(paired.differences)
    if paired.alone and n:
        lost, gained = paired.lost, paired.gained
        return lambda confidence: tango(lost, gained, n, confidence)
    if mean is None or paired.units < 2:
        return lambda _: Interval(low=-1.0, high=1.0)
    drawn = bootstrap(paired.differences, paired.clusters, resamples=resamples, seed=seed)

    def interval(confidence: float) -> Interval:
        found, z = drawn.interval(confidence), normal_quantile(confidence)
        least = z * z / (n + z * z)
        return Interval(
            low=max(-1.0, min(found.low, mean - least)),
            high=min(1.0, max(found.high, mean + least)),
        )

    return interval


def worse_p_value(paired: PairedScores, *, resamples: int = RESAMPLES, seed: int = 0) -> float:
    """Return the one-sided p value of "the new model is not worse".

    McNemar's mid-p for 0/1 scores of one repeat without clusters, else the sign-flip test; 1.0
    without a pair.
    """
    if paired.alone and paired.differences:
        return mcnemar(paired.lost, paired.gained, alternative=Alternative.LESS)
    return sign_flip(
        paired.differences,
        paired.clusters,
        alternative=Alternative.LESS,
        resamples=resamples,
        seed=seed,
    )


def _last(accepted: Callable[[float], bool], inside: float, end: float) -> float:
    """Return the value farthest from `inside` towards `end` that is accepted."""
    if accepted(end):
        return end
    outside = end
    for _ in range(STEPS):
        middle = (inside + outside) / 2
        if accepted(middle):
            inside = middle
        else:
            outside = middle
    return inside
