"""What repeats of a case say: at least one of k right, or all k right.

A case is a pair (repeats, right). Neither is a power of the pass rate, since cases differ.
"""

from collections.abc import Iterable
from math import comb
from statistics import fmean


def pass_at_k(cases: Iterable[tuple[int, int]], k: int) -> float:
    """Return the chance that one of `k` replies is right, as the mean over the cases.

    1 - C(m - c, k)/C(m, k) per case with c of m repeats right, unbiased (Chen et al. 2021,
    arXiv 2107.03374). Raises `ValueError` without a case, or for one with fewer than `k` repeats,
    where it is undefined.
    """
    counted = _checked(cases, k)
    return fmean(1 - comb(repeats - right, k) / comb(repeats, k) for repeats, right in counted)


def pass_hat_k(cases: Iterable[tuple[int, int]], k: int) -> float:
    """Return pass^k, the chance that `k` replies are all right, as the mean over the cases.

    C(c, k)/C(m, k) per case with c of m repeats right, unbiased (Yao et al. 2024, τ-bench,
    arXiv 2406.12045). Raises `ValueError` as `pass_at_k` does.
    """
    counted = _checked(cases, k)
    return fmean(comb(right, k) / comb(repeats, k) for repeats, right in counted)


def _checked(cases: Iterable[tuple[int, int]], k: int) -> list[tuple[int, int]]:
    counted = list(cases)
    if not counted:
        raise ValueError("no case, no rate")
    if k < 1:
        raise ValueError(f"k is {k}: at least one reply is needed")
    for repeats, right in counted:
        if not 0 <= right <= repeats:
            raise ValueError(f"{right} of {repeats} repeats cannot be right")
        if repeats < k:
            raise ValueError(f"undefined for k = {k}: a case has only {repeats} repeats")
    return counted
