"""The words that rows say, and their runs as numbers: worked out once, for many rows together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from punie_train.dataset.row_text import Part, row_parts
from punie_train.dataset.shingles import run_hashes, shingles
from punie_train.dataset.words import words

RUN = 5


@dataclass(frozen=True)
class SaidWords:
    """A row's turns, the words of each message and call but the system's, and where runs start.

    `runs` has the hash of `RUN` words from each word on but the last ones, over all of them one
    after another (uint64, one dimension); hashes hold for this process only.
    """

    parts: tuple[Part, ...]
    said: tuple[tuple[str, list[str]], ...]
    runs: np.ndarray

    @cached_property
    def distinct_runs(self) -> np.ndarray:
        """Return what `shingles` says of all words together."""
        if self.runs.size:
            return np.unique(self.runs)
        return shingles([*chain.from_iterable(tokens for _, tokens in self.said)], RUN)

    def turn_runs(self) -> Iterator[tuple[str, list[str], np.ndarray]]:
        """Yield role, words and runs of each message and call; no run goes over its end."""
        start = 0
        for role, tokens in self.said:
            yield role, tokens, self.runs[start : start + max(0, len(tokens) - RUN + 1)]
            start += len(tokens)


def said_words(rows: Sequence[Mapping[str, Any]]) -> list[SaidWords]:
    """Return the words of each row; hashing them together takes a tenth of the time."""
    parts = [row_parts(row) for row in rows]
    said = [tuple(_said(some)) for some in parts]
    tokens = [word for row in said for _, some in row for word in some]
    hashes = run_hashes(tokens, RUN)
    found: list[SaidWords] = []
    start = 0
    for some, row in zip(parts, said, strict=True):
        number = sum(len(tokens) for _, tokens in row)
        found.append(SaidWords(some, row, hashes[start : start + max(0, number - RUN + 1)]))
        start += number
    return found


def _said(parts: Sequence[Part]) -> Iterator[tuple[str, list[str]]]:
    for part in parts:
        if part.role != "system":
            yield part.role, words(part.text)
            for call in part.calls:
                yield part.role, words(call)
