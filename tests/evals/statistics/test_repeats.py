"""pass@k and pass^k against the published estimator and all draws."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.evals.statistics.repeats import pass_at_k, pass_hat_k

CASE = st.integers(1, 40).flatmap(lambda m: st.tuples(st.just(m), st.integers(0, m)))


@given(CASE, st.data())
def test_pass_at_k_is_the_published_estimator(case: tuple[int, int], data: st.DataObject) -> None:
    """1 - Π (1 - k/i) for i from m - c + 1 to m, 1 where fewer than k are wrong (Chen 2021)."""
    repeats, right = case
    k = data.draw(st.integers(1, repeats))
    wrong = repeats - right
    factors = 1.0 - k / np.arange(wrong + 1, repeats + 1)
    expected = 1.0 if wrong < k else 1.0 - np.prod(factors)
    assert pass_at_k([case], k) == pytest.approx(expected)


@pytest.mark.parametrize(("right", "k"), [(0, 1), (3, 1), (3, 2), (5, 3), (6, 6), (5, 6)])
def test_both_count_the_draws(right: int, k: int) -> None:
    """Of all ways to draw k of 6 replies, the share with any right, and with all right."""
    draws = list(combinations([True] * right + [False] * (6 - right), k))
    assert pass_at_k([(6, right)], k) == pytest.approx(sum(map(any, draws)) / comb(6, k))
    assert pass_hat_k([(6, right)], k) == pytest.approx(sum(map(all, draws)) / comb(6, k))


def test_both_are_means_over_cases() -> None:
    """Cases differ: pass^k is not the pass rate to the power of k."""
    cases = [(4, 4), (4, 0)]
    assert pass_hat_k(cases, 2) == pass_at_k(cases, 2) == 0.5
    assert pass_at_k(cases, 1) == pass_hat_k(cases, 1) == 0.5


@pytest.mark.parametrize("measure", [pass_at_k, pass_hat_k])
@pytest.mark.parametrize(
    ("cases", "k", "message"),
    [
        ([(5, 2), (3, 3)], 4, "undefined for k = 4: a case has only 3"),
        ([(5, 6)], 1, "cannot be right"),
        ([(5, 2)], 0, "at least one reply"),
        ([], 1, "no case"),
    ],
)
def test_undefined_is_refused(measure, cases: list[tuple[int, int]], k: int, message: str) -> None:
    """Fewer repeats than k, impossible counts, no k and no case are errors."""
    with pytest.raises(ValueError, match=message):
        measure(cases, k)
