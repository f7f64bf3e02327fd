"""Many tests at once: p values adjusted, so that chance does not find something every time."""

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p values; those below alpha keep the rate of any false find at most alpha.

    Step-down: the i-th smallest of m is multiplied by m - i + 1, and no value is below a smaller
    one's (Holm 1979). For gates. Raises `ValueError` for what is no p value.
    """
    _check(p_values)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p values; of those below alpha a share of at most alpha is false on average.

    Step-up (Benjamini and Hochberg 1995). For "look here", not for gates. Raises `ValueError` for
    what is no p value.
    """
    from scipy.stats import false_discovery_control

    _check(p_values)
    return [float(p) for p in false_discovery_control(list(p_values))] if p_values else []


def _check(p_values: Sequence[float]) -> None:
    if not all(0 <= p <= 1 for p in p_values):
        raise ValueError("a p value is not between 0 and 1")
