"""Seeded resampling of paired differences: sign flips and the cluster bootstrap.

The order of the cases does not change a result; the seed does.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from punie_train.evals.statistics.clustered import cluster_sums, t_quantile
from punie_train.evals.statistics.exact_tests import Alternative
from punie_train.evals.statistics.intervals import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 10_000
AT_ONCE = 2_000_000
"""How many random numbers are held at a time: 16 MB."""


def sign_flip(
    differences: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    alternative: Alternative = Alternative.TWO_SIDED,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> float:
    """Return the p value of "the differences are as often for the one as for the other".

    p = (1 + #{flipped sum >= observed}) / (B + 1) with B `resamples` in which every difference
    keeps or changes its sign, those of a cluster together (Fisher 1935; the added ones after
    Phipson and Smyth 2010). The smallest possible value is 1 / (B + 1).
    """
    import numpy as np

    sums = np.array([total for total, _ in cluster_sums(differences, clusters) if total])
    if not sums.size:
        return 1.0
    rng = np.random.default_rng(seed)
    observed, rounding = float(sums.sum()), 1e-9 * float(np.abs(sums).sum())
    found = 0
    for rows in _portions(resamples, sums.size):
        flipped = (2.0 * rng.integers(0, 2, (rows, sums.size), dtype=np.int8) - 1.0) @ sums
        match alternative:
            case Alternative.TWO_SIDED:
                extreme = np.abs(flipped) >= abs(observed) - rounding
            case Alternative.LESS:
                extreme = flipped <= observed + rounding
            case Alternative.GREATER:
                extreme = flipped >= observed - rounding
        found += int(extreme.sum())
    return (1 + found) / (resamples + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """The ascending means of resampled cases, and how many clusters were drawn from."""

    means: "NDArray"
    clusters: int

    def interval(self, confidence: float = 0.95) -> Interval:
        """Return the percentile interval, expanded for few clusters (Hesterberg 2015).

        The tail is Φ(-t sqrt(G/(G-1))) with Student's t of G - 1 degrees of freedom: plain
        percentiles are too narrow by about that factor. Raises `ValueError` for a single cluster.
        """
        import numpy as np
        from scipy.stats import norm

        if self.clusters < 2:
            raise ValueError("an interval needs at least two cases or clusters")
        t = t_quantile(confidence, self.clusters - 1)
        tail = float(norm.cdf(-t * sqrt(self.clusters / (self.clusters - 1))))
        low, high = np.quantile(self.means, [tail, 1 - tail])
        return Interval(low=float(low), high=float(high))


def bootstrap(
    values: Sequence[float],
    clusters: Sequence[Hashable] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Bootstrap:
    """Draw whole clusters with replacement and return the means of their cases (Efron 1979).

    Paired when the values are differences. Raises `ValueError` without a value.
    """
    import numpy as np

    if not values:
        raise ValueError("nothing to draw from")
    groups = cluster_sums(values, clusters)
    sums = np.array([total for total, _ in groups])
    sizes = np.array([size for _, size in groups], dtype=float)
    rng = np.random.default_rng(seed)
    portions = []
    for rows in _portions(resamples, len(groups)):
        drawn = rng.integers(0, len(groups), (rows, len(groups)))
        portions.append(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))
    return Bootstrap(means=np.sort(np.concatenate(portions)), clusters=len(groups))


def _portions(resamples: int, width: int) -> list[int]:
    if resamples < 1:
        raise ValueError(f"{resamples} resamples are none")
    most = max(1, AT_ONCE // width)
    full, rest = divmod(resamples, most)
    return [most] * full + [rest] * bool(rest)
