"""McNemar's test against statsmodels, scipy, the formula and published values."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from punie_train.evals.statistics.exact_tests import Alternative, mcnemar

COUNTS = st.integers(0, 60)


@given(COUNTS, st.integers(1, 60))
def test_exact_p_agrees_with_statsmodels(lost: int, gained: int) -> None:
    """Both sides, exact."""
    expected = statsmodels_mcnemar([[9, lost], [gained, 4]], exact=True).pvalue
    assert mcnemar(lost, gained, mid_p=False) == pytest.approx(float(expected))


@given(COUNTS, COUNTS)
def test_mid_p_is_the_exact_sum_less_one_term(lost: int, gained: int) -> None:
    """Σ 2 C(m, i)/2^m up to the smaller count, less C(m, min)/2^m."""
    m, fewer = lost + gained, min(lost, gained)
    twice = 2 * sum(comb(m, i) for i in range(fewer + 1)) - comb(m, fewer)
    assert mcnemar(lost, gained) == pytest.approx(twice / 2**m)


@given(COUNTS, st.integers(1, 60))
def test_one_sided_p_agrees_with_scipy(lost: int, gained: int) -> None:
    """`less` asks for losses, `greater` for gains; mid-p counts half of what was seen."""
    m = lost + gained
    for alternative, more in ((Alternative.LESS, lost), (Alternative.GREATER, gained)):
        exact = float(binomtest(more, m, alternative="greater").pvalue)
        half = comb(m, more) / 2**m / 2
        assert mcnemar(lost, gained, alternative=alternative, mid_p=False) == pytest.approx(exact)
        assert mcnemar(lost, gained, alternative=alternative) == pytest.approx(exact - half)


def test_published_example() -> None:
    """Fagerland et al. 2013: 1 against 7 discordant pairs have exact 0.070 and mid-p 0.039."""
    assert round(mcnemar(7, 1, mid_p=False), 3) == 0.070
    assert round(mcnemar(7, 1), 3) == 0.039


def test_no_discordant_pair_tells_nothing() -> None:
    """Two-sided p is 1, one-sided mid-p one half; negative counts are refused."""
    assert mcnemar(0, 0) == mcnemar(0, 0, mid_p=False) == 1.0
    assert mcnemar(0, 0, alternative=Alternative.LESS) == 0.5
    with pytest.raises(ValueError, match="not counts"):
        mcnemar(-1, 2)
