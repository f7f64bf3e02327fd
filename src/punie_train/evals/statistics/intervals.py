"""Intervals of rates; standard library only, because every summary needs them."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval: of a rate 0.0 to 1.0, of a difference of rates -1.0 to 1.0."""

    low: float
    high: float


def normal_quantile(confidence: float) -> float:
    """Return z, so that a standard normal value lies within ±z with this probability.

    Raises `ValueError` for a confidence that is not at least 0.0 and below 1.0.
    """
    if not 0 <= confidence < 1:
        raise ValueError(f"a confidence of {confidence} is not between 0 and 1")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(passed: float, n: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of a rate, `passed` of `n` cases (Wilson 1927).

    Centre (p + z²/2n) / (1 + z²/n), half-width z/(1 + z²/n) · sqrt(p(1-p)/n + z²/4n²). `passed`
    may be a sum of case means. Raises `ValueError` for n < 1 or a rate outside of 0 to 1.
    """
    if n < 1 or not 0 <= passed <= n:
        raise ValueError(f"{passed} of {n} is not a rate")
    return score_interval(passed / n, n, normal_quantile(confidence))


def score_interval(rate: float, n: float, quantile: float) -> Interval:
    """Return Wilson's interval of a rate over `n` cases, which need not be a whole number."""
    scale = 1 + quantile * quantile / n
    centre = (rate + quantile * quantile / (2 * n)) / scale
    variance = rate * (1 - rate) / n + quantile * quantile / (4 * n * n)
    half = quantile / scale * sqrt(variance)
    return Interval(
        low=0.0 if rate == 0 else max(0.0, centre - half),
        high=1.0 if rate == 1 else min(1.0, centre + half),
    )


def failure_upper_bound(n: int, confidence: float = 0.95) -> float:
    """Return the upper bound of the failure rate after `n` cases that all passed.

    1 - (1 - confidence)^(1/n), about 3/n: the exact one-sided binomial bound (Clopper and
    Pearson 1934). Raises `ValueError` for n < 1.
    """
    if n < 1:
        raise ValueError("no case, no bound")
    return 1 - (1 - confidence) ** (1 / n)
