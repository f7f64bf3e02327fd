"""Runs of words as numbers, for comparing many texts."""

import numpy as np

MULTIPLIERS = np.random.default_rng(5).integers(1, 2**63, size=64, dtype=np.uint64) | np.uint64(1)


def shingles(tokens: list[str], size: int) -> np.ndarray:
    """Return the distinct runs of `size` words as sorted 64-bit hashes (uint64, one dimension).

    A text with fewer words has one run, all of it; a text without words has none. The hashes
    hold for this process only.
    """
    if not tokens:
        return np.empty(0, dtype=np.uint64)
    return np.unique(run_hashes(tokens, min(size, len(tokens))))


def run_hashes(tokens: list[str], size: int) -> np.ndarray:
    """Return the hash of the `size` words from each word on, in order (uint64, one dimension).

    None start at the last `size` - 1 words. The hashes hold for this process only.
    """
    if len(tokens) < size:
        return np.empty(0, dtype=np.uint64)
    hashes = np.fromiter(map(hash, tokens), dtype=np.int64, count=len(tokens)).view(np.uint64)
    total = np.zeros(len(tokens) - size + 1, dtype=np.uint64)
    for offset in range(size):
        total += _mixed(hashes[offset : offset + total.size] + MULTIPLIERS[offset])
        total *= MULTIPLIERS[size]
    return _mixed(total)


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread every bit over all others: the finalizer of SplitMix64 (Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
