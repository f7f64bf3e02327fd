"""Intervals of rates against known values, statsmodels and exact coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest
from statsmodels.stats.proportion import proportion_confint

from punie_train.evals.statistics.intervals import failure_upper_bound, normal_quantile, wilson


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


@given(st.integers(1, 3000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_agrees_with_statsmodels(n: int, share: float, confidence: float) -> None:
    """Any count and confidence gives the interval of statsmodels."""
    passed = round(share * n)
    interval = wilson(passed, n, confidence)
    expected = proportion_confint(passed, n, alpha=1 - confidence, method="wilson")
    assert (interval.low, interval.high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("n", [20, 50, 200])
@pytest.mark.parametrize("p", [0.5, 0.9, 0.98])
def test_wilson_covers_the_truth(n: int, p: float) -> None:
    """Enumerated, and in 5,000 simulated runs, it covers as often, and at least 91 %."""
    covers = np.array([wilson(k, n).low <= p <= wilson(k, n).high for k in range(n + 1)])
    exact = float(binom.pmf(np.arange(n + 1), n, p)[covers].sum())
    simulated = float(covers[np.random.default_rng(1).binomial(n, p, 5000)].mean())
    assert exact >= 0.91
    assert simulated == pytest.approx(exact, abs=0.015)


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


@pytest.mark.parametrize("n", [1, 7, 130])
def test_the_bound_is_that_of_clopper_and_pearson(n: int) -> None:
    """scipy's exact one-sided bound is the same."""
    exact = binomtest(0, n, alternative="less").proportion_ci(0.95, method="exact")
    assert failure_upper_bound(n) == pytest.approx(exact.high)


def test_normal_quantile_is_two_sided() -> None:
    """95 % is 1.96; certainty has no quantile."""
    assert normal_quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    with pytest.raises(ValueError, match="not between"):
        normal_quantile(1.0)
