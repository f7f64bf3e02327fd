"""How many cases a paired comparison needs, and what it could have seen."""

from math import ceil, sqrt
from statistics import NormalDist

from punie_train.evals.statistics.intervals import normal_quantile


def cases_needed(
    difference: float,
    discordant_share: float,
    *,
    power: float = 0.8,
    confidence: float = 0.95,
) -> int:
    """Return how many paired cases show a true difference with the given power.

    n = (z_{1-a/2} sqrt(ψ) + z_{1-β} sqrt(ψ - δ²))² / δ² (Connor 1987), with δ the difference and ψ
    the share of cases on which the models disagree, both 0.0 to 1.0: 155 cases for 5 points where
    they disagree on 5 %, 312 on 10 %. It is about the difference being seen at all. A ψ below δ
    is impossible: raises `ValueError`, as for a difference of zero.
    """
    size = abs(difference)
    if not 0 < size <= discordant_share <= 1:
        raise ValueError(
            f"a difference of {difference} cannot come from {discordant_share} discordant pairs"
        )
    both = normal_quantile(confidence) * sqrt(discordant_share)
    both += NormalDist().inv_cdf(power) * sqrt(discordant_share - size * size)
    return ceil(both * both / (size * size))


def detectable_difference(
    discordant: float, n: int, *, power: float = 0.8, confidence: float = 0.95
) -> float:
    """Return the difference, 0.0 to 1.0, that `n` pairs show with the given power.

    (z_{1-a/2} + z_{1-β}) sqrt(discordant) / n, about 2.8 sqrt(b + c) / n: Connor's formula turned
    around, without its small term. For other scores than 0/1, `discordant` is the sum of squared
    differences (of the clusters, with clusters). At least one is counted: no discordant pair does
    not mean that the smallest difference would be seen. Raises `ValueError` for n < 1 or a
    negative sum.
    """
    if n < 1 or discordant < 0:
        raise ValueError(f"{discordant} discordant of {n} pairs detect nothing")
    quantiles = normal_quantile(confidence) + NormalDist().inv_cdf(power)
    return min(1.0, quantiles * sqrt(max(discordant, 1.0)) / n)
