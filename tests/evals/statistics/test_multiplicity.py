"""Adjusted p values against statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from punie_train.evals.statistics.multiplicity import benjamini_hochberg, holm

METHODS = pytest.mark.parametrize(
    ("adjust", "name"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")], ids=["holm", "bh"]
)


@METHODS
@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_adjusted_as_by_statsmodels(adjust, name: str, count: int) -> None:
    """Every p value in its place, ties among them."""
    p_values = np.round(np.random.default_rng(count).beta(0.3, 2, count), 2).tolist()
    expected = multipletests(p_values, method=name)[1].tolist()
    assert adjust(p_values) == pytest.approx(expected)


@METHODS
def test_nothing_to_adjust(adjust, name: str) -> None:
    """No p value gives none; what is no p value is refused."""
    assert adjust([]) == []
    with pytest.raises(ValueError, match="not between"):
        adjust([0.5, 1.5])
