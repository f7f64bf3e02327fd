"""Texts that share most of their runs of words, found without missing any.

The similarity is the Jaccard index of the sets of 5-word runs. Candidates come from prefix
filtering (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007): two sets of
similarity t or more share at least one of the rarest (1 - t) of their members, so only rare runs
are indexed and looked up. Unlike MinHash that is exact, and text that most rows share (a system
prompt, a template) makes no candidates. A bitmap of each set then bounds the similarity from above
(Sandes, Teodoro and Melo 2020), and what is left is counted.
"""

import math
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from punie_train.dataset.likeness import THRESHOLD
from punie_train.dataset.said_words import RUN
from punie_train.dataset.shingles import shingles
from punie_train.dataset.words import words

COUNTERS = 1 << 25
MOST = np.iinfo(np.uint16).max
BITS = 1024
SLACK = 1e-9
STEP = 500

OnCompared = Callable[[int, int], None]
"""Is told how many of how many texts were compared."""


@dataclass(frozen=True, slots=True)
class SimilarPair:
    """Two texts by their positions (from 0), the earlier first, and their Jaccard index."""

    first: int
    second: int
    similarity: float


class ShingledTexts:
    """The word runs of many texts, kept in a temporary file, and how many texts have each.

    Memory: 64 MB of counters and 170 bytes a text, whatever their length; the file holds 8 bytes
    for each distinct run of each text.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with this object
        self._at_end = True
        self._ends = array("q", [0])
        self._counters = np.zeros(COUNTERS, dtype=np.uint16)
        self._bitmaps = bytearray()

    def append(self, text: str) -> None:
        """Take one more text."""
        self.append_runs(shingles(words(text), RUN))

    def append_runs(self, runs: np.ndarray) -> None:
        """Take one more text, given by the sorted hashes of its distinct runs (uint64)."""
        slots = runs % np.uint64(COUNTERS)
        seen = self._counters[slots]
        self._counters[slots] = seen + (seen < MOST)
        if not self._at_end:
            self._file.seek(0, 2)
            self._at_end = True
        self._file.write(runs.tobytes())
        self._ends.append(self._ends[-1] + runs.size)
        self._bitmaps += _bitmap(runs)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def runs(self, position: int) -> np.ndarray:
        """Return the sorted hashes of a text's runs (uint64)."""
        start, end = self._ends[position : position + 2]
        self._file.seek(start * 8)
        self._at_end = False
        return np.frombuffer(self._file.read((end - start) * 8), dtype=np.uint64)

    def possible(self, runs: np.ndarray, positions: list[int], threshold: float) -> list[int]:
        """Return those of the positions whose similarity to a set may reach the threshold."""
        chosen = np.array(positions)
        ends = np.frombuffer(self._ends, dtype=np.int64)
        both = ends[chosen + 1] - ends[chosen] + runs.size
        bitmaps = np.frombuffer(self._bitmaps, dtype=np.uint64).reshape(-1, BITS // 64)
        bits = bitmaps[chosen] ^ np.frombuffer(_bitmap(runs), dtype=np.uint64)
        different = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
        return chosen[both - different >= threshold * (both + different) - SLACK].tolist()

    def rare(self, runs: np.ndarray, threshold: float) -> list[int]:
        """Return the prefix of a set: its rarest runs, without those no other text can have."""
        # Any one order over all runs is right; the counters, which several runs may share, only
        # decide how short the lists in the index are.
        counts = self._counters[runs % np.uint64(COUNTERS)]
        length = runs.size - math.ceil(threshold * runs.size - SLACK) + 1
        order = np.lexsort((runs, counts))[:length]
        return runs[order[counts[order] > 1]].tolist()

    def close(self) -> None:
        """Remove the temporary file."""
        self._file.close()

    def __enter__(self) -> "ShingledTexts":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def near_copies(
    texts: ShingledTexts, threshold: float = THRESHOLD, on_compared: OnCompared | None = None
) -> Iterator[SimilarPair]:
    """Yield each text that is similar to an earlier kept one, with the earliest such.

    A text that is yielded is not kept: nothing is dropped for its likeness to what was dropped.
    Afterwards no two kept texts have a similarity of `threshold` (0 to 1) or more.
    """
    return _search(texts, threshold, keep_copies=False, on_compared=on_compared)


def similar_pairs(texts: ShingledTexts, threshold: float = THRESHOLD) -> Iterator[SimilarPair]:
    """Yield every pair of texts with a similarity of `threshold` (0 to 1) or more.

    n copies of one text are n(n-1)/2 pairs; `near_copies` stays linear there.
    """
    return _search(texts, threshold, keep_copies=True)


def shingled(texts: Iterable[str]) -> ShingledTexts:
    """Take all texts at once; the caller closes what is returned."""
    result = ShingledTexts()
    for text in texts:
        result.append(text)
    return result


def _search(
    texts: ShingledTexts,
    threshold: float,
    *,
    keep_copies: bool,
    on_compared: OnCompared | None = None,
) -> Iterator[SimilarPair]:
    index: dict[int, list[int]] = {}
    for position in range(len(texts)):
        if on_compared and position % STEP == 0:
            on_compared(position, len(texts))
        runs = texts.runs(position)
        rare = texts.rare(runs, threshold)
        candidates = sorted({earlier for run in rare for earlier in index.get(run, ())})
        copy = False
        for earlier in texts.possible(runs, candidates, threshold) if candidates else ():
            if (similarity := _jaccard(texts.runs(earlier), runs)) >= threshold:
                yield SimilarPair(earlier, position, similarity)
                copy = True
                if not keep_copies:
                    break
        if keep_copies or not copy:
            for run in rare:
                index.setdefault(run, []).append(position)


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    shared = np.intersect1d(one, other, assume_unique=True).size
    return shared / (one.size + other.size - shared)


def _bitmap(runs: np.ndarray) -> bytes:
    bits = np.zeros(BITS, dtype=bool)
    bits[runs >> np.uint64(64 - BITS.bit_length() + 1)] = True
    return np.packbits(bits).tobytes()
