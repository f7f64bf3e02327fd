"""Intervals of rates."""

from math import sqrt
from statistics import NormalDist

from punie_train.evals.report import Interval


def wilson(passed: float, n: int, confidence: float = 0.95) -> Interval:
    """Return the score interval of a rate, `passed` of `n` cases (Wilson 1927).

    Centre (p + z²/2n) / (1 + z²/n), half-width z/(1 + z²/n) · sqrt(p(1-p)/n + z²/4n²). `passed`
    may be a sum of case means. Raises `ValueError` for n < 1 or a rate outside of 0 to 1.
    """
    if n < 1 or not 0 <= passed <= n:
        raise ValueError(f"{passed} of {n} is not a rate")
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    p = passed / n
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z / scale * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(
        low=0.0 if passed == 0 else max(0.0, centre - half),
        high=1.0 if passed == n else min(1.0, centre + half),
    )


def failure_upper_bound(n: int, confidence: float = 0.95) -> float:
    """Return the upper bound of the failure rate after `n` cases that all passed.

    1 - (1 - confidence)^(1/n), about 3/n: the exact one-sided binomial bound (Clopper and
    Pearson 1934). Raises `ValueError` for n < 1.
    """
    if n < 1:
        raise ValueError("no case, no bound")
    return 1 - (1 - confidence) ** (1 / n)
