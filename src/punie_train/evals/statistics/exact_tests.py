"""McNemar's test of paired 0/1 scores, exact and mid-p."""

from enum import StrEnum


class Alternative(StrEnum):
    """What the test looks for in new - old."""

    TWO_SIDED = "two-sided"
    LESS = "less"
    GREATER = "greater"


def mcnemar(
    lost: int,
    gained: int,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
    mid_p: bool = True,
) -> float:
    """Return the p value of "both models are right equally often", given the discordant pairs.

    `lost` counts cases that only the old model has right, `gained` those only the new one has. With
    m = lost + gained, the exact two-sided p is min(1, 2 Σ_{i <= min} C(m, i)/2^m) (McNemar 1947);
    mid-p takes C(m, min)/2^m off that sum, because the exact test finds too little (Fagerland,
    Lydersen and Laake 2013). `less` asks whether the new model is worse: P(X >= lost), mid-p with
    half of P(X = lost). Raises `ValueError` for negative counts.
    """
    from scipy.stats import binom

    if lost < 0 or gained < 0:
        raise ValueError(f"{lost} lost and {gained} gained are not counts")
    match alternative:
        case Alternative.TWO_SIDED:
            fewer, sides = min(lost, gained), 2
        case Alternative.LESS:
            fewer, sides = gained, 1
        case Alternative.GREATER:
            fewer, sides = lost, 1
    pairs = lost + gained
    tail = float(binom.cdf(fewer, pairs, 0.5))
    if mid_p:
        tail -= float(binom.pmf(fewer, pairs, 0.5)) / 2
    return min(1.0, sides * tail)
