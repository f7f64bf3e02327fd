"""Exact enumeration of what two models may do on the same cases."""

from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import pytest
from scipy.stats import multinomial

Tables = Callable[[int, float, float], Iterator[tuple[int, int, float]]]


@pytest.fixture(scope="session")
def tables() -> Tables:
    """Yield (lost, gained, probability) for n pairs and the chances of a loss and a gain.

    Tables with less than 1e-7 are left out: what is missing counts as against the method.
    """

    @lru_cache
    def enumerate_tables(n: int, loss: float, gain: float) -> list[tuple[int, int, float]]:
        lost, gained = (side.ravel() for side in np.mgrid[0 : n + 1, 0 : n + 1])
        fits = lost + gained <= n
        lost, gained = lost[fits], gained[fits]
        same = 1 - loss - gain
        counts = np.stack([lost, gained, n - lost - gained], axis=1)
        chance = multinomial.pmf(counts, n, [loss, gain, same])
        kept = chance > 1e-7
        return [
            (int(b), int(c), float(p))
            for b, c, p in zip(lost[kept], gained[kept], chance[kept], strict=True)
        ]

    return lambda n, loss, gain: iter(enumerate_tables(n, loss, gain))
