"""Intervals of rates against known values and exact coverage."""

from math import comb

import pytest

from punie_train.evals.intervals import failure_upper_bound, wilson


@pytest.mark.parametrize(
    ("passed", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (81, 263, 0.2553, 0.3662),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_wilson_agrees_with_published_values(passed: int, n: int, low: float, high: float) -> None:
    """Newcombe's examples and the textbook cases come out to four digits."""
    interval = wilson(passed, n)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("p", [0.5, 0.9, 0.98])
def test_wilson_covers_the_truth(n: int, p: float) -> None:
    """By exact enumeration the 95 % interval covers at least 91 %."""
    covered = sum(
        comb(n, k) * p**k * (1 - p) ** (n - k)
        for k in range(n + 1)
        if wilson(k, n).low <= p <= wilson(k, n).high
    )
    assert covered >= 0.91


@pytest.mark.parametrize(("passed", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_rate_is_refused(passed: int, n: int) -> None:
    """No cases, or more passed than there are, is an error."""
    with pytest.raises(ValueError, match="not a rate"):
        wilson(passed, n)


def test_the_bound_after_no_failure_is_about_three_over_n() -> None:
    """The rule of three holds for many cases, and one case says little."""
    assert failure_upper_bound(300) == pytest.approx(3 / 300, rel=0.01)
    assert failure_upper_bound(1) == pytest.approx(0.95)
    with pytest.raises(ValueError, match="no case"):
        failure_upper_bound(0)
