"""Means of cases and their errors, also where cases come in clusters.

A cluster holds the cases of one template, tool or file: they tend to fail together, so that ten of
them say less than ten that stand alone.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from punie_train.evals.statistics.intervals import Interval, score_interval


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanError:
    """A mean over `cases` in `clusters`, and its standard error; both in units of the score.

    Without clusters every case is its own.
    """

    mean: float
    error: float
    cases: int
    clusters: int


def cluster_sums(
    values: Sequence[float], clusters: Sequence[Hashable] | None
) -> list[tuple[float, int]]:
    """Return sum and size of every cluster, in ascending order; `clusters` has a label per value.

    Raises `ValueError` when there is not one label per value.
    """
    if clusters is None:
        return sorted((value, 1) for value in values)
    groups: dict[Hashable, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        groups.setdefault(cluster, []).append(value)
    return sorted((fsum(group), len(group)) for group in groups.values())


def mean_error(scores: Sequence[float], clusters: Sequence[Hashable] | None = None) -> MeanError:
    """Return the mean of case means (repeats averaged before) and its standard error.

    SE² = Σ(s - s̄)² / (n(n-1)); clustered G/(G-1) · (1/n²) · Σ_c (Σ_{i in c} (s_i - s̄))², which is
    the same when every case is its own cluster (Miller 2024, arXiv 2411.00640). The scores may be
    paired differences. Raises `ValueError` for fewer than two clusters.
    """
    n = len(scores)
    groups = cluster_sums(scores, clusters)
    if len(groups) < 2:
        raise ValueError("the error of a mean needs at least two cases or clusters")
    mean = fsum(scores) / n
    spread = fsum((total - size * mean) ** 2 for total, size in groups)
    count = len(groups)
    error = sqrt(count / (count - 1) * spread) / n
    return MeanError(mean=mean, error=error, cases=n, clusters=count)


def mean_interval(
    scores: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> Interval:
    """Return mean ± t · SE with G - 1 degrees of freedom (Miller 2024).

    It has no width where all scores are equal and is wrong for 0/1 scores of a few hundred cases:
    take Wilson's for a rate. Raises `ValueError` for fewer than two clusters.
    """
    found = mean_error(scores, clusters)
    half = t_quantile(confidence, found.clusters - 1) * found.error
    return Interval(low=found.mean - half, high=found.mean + half)


def wilson_clustered(
    scores: Sequence[float], clusters: Sequence[Hashable], confidence: float = 0.95
) -> Interval:
    """Return Wilson's interval of a rate over clusters of cases, scores 0.0 to 1.0.

    n becomes min(n, p(1-p)/SE²), the number of cases that would say as much if they stood alone
    (Kish 1965), and z a t quantile with G - 1 degrees of freedom. Without any spread nothing tells
    whether cases of a cluster fail together, and n stays. Raises `ValueError` for fewer than two
    clusters or a score outside of 0 to 1.
    """
    if not all(0 <= score <= 1 for score in scores):
        raise ValueError("a score is not between 0 and 1")
    found = mean_error(scores, clusters)
    alone = found.mean * (1 - found.mean)
    cases = float(found.cases)
    if found.error > 0:
        cases = min(cases, alone / found.error**2)
    return score_interval(found.mean, cases, t_quantile(confidence, found.clusters - 1))


def t_quantile(confidence: float, freedom: int) -> float:
    """Return t, so that Student's t lies within ±t with this probability."""
    from scipy.stats import t

    return float(t.ppf(0.5 + confidence / 2, freedom))
