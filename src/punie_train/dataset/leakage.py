"""Evaluation cases inside training rows: copied, reformatted, or within a longer text (F40)."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from punie_train.dataset.said_words import RUN, SaidWords, said_words
from punie_train.dataset.shingles import shingles
from punie_train.dataset.words import words

SHORTEST = 3
CONTAINED = 0.5
LEAST_RUNS = 2
COMMON_SHARE = 0.005
COMMON_ROWS = 5


class LeakKind(StrEnum):
    """How a case is inside a row."""

    WHOLE = "whole"
    EMBEDDED = "embedded"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A row (by its position, from 0) that holds an evaluation case (by its name).

    `contained` is the share of the case's 5-word runs that the row has (0 to 1).
    """

    position: int
    case: str
    kind: LeakKind
    contained: float = 1.0

    @property
    def reason(self) -> str:
        """Say which case the row holds."""
        match self.kind:
            case LeakKind.WHOLE:
                return f"a message is the prompt of evaluation case {self.case}"
            case LeakKind.EMBEDDED:
                return f"holds the prompt of evaluation case {self.case}"
            case LeakKind.SIMILAR:
                return f"holds {self.contained:.0%} of the prompt of evaluation case {self.case}"


class EvaluationPrompts:
    """The prompts that training data must not hold, by name of their case."""

    def __init__(self, prompts: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a case's name and a prompt; prompts without a word are left out."""
        self._prompts = [(name, tokens) for name, prompt in prompts if (tokens := words(prompt))]
        self._whole = {_spaced(tokens): index for index, (_, tokens) in enumerate(self._prompts)}
        self._runs = [
            shingles(tokens, RUN) if len(tokens) >= RUN else np.empty(0, dtype=np.uint64)
            for _, tokens in self._prompts
        ]
        self._short = [
            (_spaced(tokens), index)
            for index, (_, tokens) in enumerate(self._prompts)
            if SHORTEST <= len(tokens) < RUN
        ]
        self._known = np.unique(np.concatenate([np.empty(0, dtype=np.uint64), *self._runs]))
        self._owners: dict[int, list[int]] = {}
        for index, runs in enumerate(self._runs):
            for run in runs.tolist():
                self._owners.setdefault(run, []).append(index)

    def __len__(self) -> int:
        return len(self._prompts)

    def leaks(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Leak, ...]:
        """Return the rows that hold a prompt, in order; one leak a row, the strongest.

        Words decide; case, spaces and punctuation do not. A row leaks when one of its messages
        (the system prompt aside) is a prompt, holds one of 5 words or more as a whole, or has at
        least half of a prompt's 5-word runs and two of them, or when what the user says holds one
        of 3 or 4 words. Runs and short prompts in more than 0.5 % of the rows (and more than 5) are
        common phrases and do not count for the last two rules. Rows are read once; memory goes with
        the rows that share something with a prompt.
        """
        search = LeakSearch()
        for row in rows:
            self.take(search, row)
        return self.found(search)

    def take(self, search: "LeakSearch", row: Mapping[str, Any]) -> None:
        """Look at the next row of a search."""
        self.take_words(search, said_words([row])[0])

    def take_words(self, search: "LeakSearch", row: SaidWords) -> None:
        """Look at the next row of a search, given by its words."""
        shares = self._are_known(row.runs).any()
        for role, tokens, runs in row.turn_runs():
            known = np.unique(runs[self._are_known(runs)]).tolist() if shares else []
            self._take(search, search.rows, role, tokens, known)
        search.rows += 1

    def found(self, search: "LeakSearch") -> tuple[Leak, ...]:
        """Return the leaks once all rows were taken; see `leaks`."""
        limit = max(COMMON_ROWS, math.floor(COMMON_SHARE * search.rows))
        common = _common(search.runs.values(), limit)
        leaks = [self._similar(position, known, common) for position, known in search.runs.items()]
        leaks += [
            self._leak(position, index, LeakKind.EMBEDDED)
            for index, positions in search.phrases.items()
            if len(positions) <= limit
            for position in positions
        ]
        for leak in filter(None, leaks):
            search.found.setdefault(leak.position, leak)
        return tuple(search.found[position] for position in sorted(search.found))

    def _take(
        self, search: "LeakSearch", position: int, role: str, tokens: list[str], known: list[int]
    ) -> None:
        if known:
            search.runs.setdefault(position, set()).update(known)
        if (leak := self._sure(position, tokens, known)) is not None:
            search.found.setdefault(position, leak)
        elif role in ("user", "text"):
            for index in self._phrases(tokens):
                search.phrases.setdefault(index, set()).add(position)

    def _are_known(self, runs: np.ndarray) -> np.ndarray:
        if not (runs.size and self._known.size):
            return np.zeros(runs.size, dtype=bool)
        slots = np.minimum(np.searchsorted(self._known, runs), self._known.size - 1)
        return self._known[slots] == runs

    def _phrases(self, tokens: list[str]) -> list[int]:
        if not self._short:
            return []
        text = _spaced(tokens)
        return [index for phrase, index in self._short if phrase in text]

    def _sure(self, position: int, tokens: list[str], shared: list[int]) -> Leak | None:
        text = _spaced(tokens)
        if (index := self._whole.get(text)) is not None:
            return self._leak(position, index, LeakKind.WHOLE)
        for index in self._best(shared):
            if _spaced(self._prompts[index][1]) in text:
                return self._leak(position, index, LeakKind.EMBEDDED)
        return None

    def _leak(self, position: int, index: int, kind: LeakKind, contained: float = 1.0) -> Leak:
        name = self._prompts[index][0]
        return Leak(position=position, case=name, kind=kind, contained=contained)

    def _best(self, shared: list[int]) -> Iterator[int]:
        owners = Counter(owner for run in shared for owner in self._owners[run])
        return (owner for owner, number in owners.most_common() if number == self._runs[owner].size)

    def _similar(self, position: int, shared: set[int], common: set[int]) -> Leak | None:
        owners = Counter(owner for run in shared - common for owner in self._owners[run])
        contained = {
            owner: number / len(set(self._runs[owner].tolist()) - common)
            for owner, number in owners.items()
            if number >= LEAST_RUNS
        }
        best = max(contained, key=contained.__getitem__, default=None)
        if best is None or contained[best] < CONTAINED:
            return None
        return self._leak(position, best, LeakKind.SIMILAR, contained[best])


@dataclass(slots=True)
class LeakSearch:
    """What one pass over the rows has found; positions count rows from 0."""

    rows: int = 0
    found: dict[int, Leak] = field(default_factory=dict)
    runs: dict[int, set[int]] = field(default_factory=dict)
    phrases: dict[int, set[int]] = field(default_factory=dict)


def _spaced(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def _common(shared: Iterable[set[int]], limit: int) -> set[int]:
    counts = Counter(run for runs in shared for run in runs)
    return {run for run, number in counts.items() if number > limit}
