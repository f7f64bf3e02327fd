"""Evaluation cases inside training rows: copied, reformatted, or within a longer text (F40)."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from punie_train.dataset.row_text import row_parts
from punie_train.dataset.words import shingles, words

RUN = 5
SHORTEST = 3
CONTAINED = 0.5
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
        """Take pairs of a case's name and one of its prompts; prompts without a word are left out."""
        self._prompts = [
            (name, tokens) for name, prompt in prompts if (tokens := words(prompt))
        ]
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

    def leaks(self, rows: Iterable[Mapping[str, Any]]) -> tuple[Leak, ...]:
        """Return the rows that hold a prompt, in order; one leak a row, the strongest.

        Words decide; case, spaces and punctuation do not. A row leaks when one of its messages
        (the system prompt aside) is a prompt, holds one of 5 words or more as a whole, or has at
        least half of a prompt's 5-word runs, or when what the user says holds one of 3 or 4 words.
        Runs and short prompts in more than 0.5 % of the rows (and more than 5) are common phrases
        and do not count for the last two rules. Rows are read once; memory goes with the rows
        that share something with a prompt.
        """
        found: dict[int, Leak] = {}
        shared: dict[int, np.ndarray] = {}
        phrases: dict[int, set[int]] = {}
        count = 0
        for position, row in enumerate(rows):
            count += 1
            runs: set[int] = set()
            for role, tokens in _message_words(row):
                known = self._shared(tokens)
                runs.update(known)
                if (leak := self._sure(position, tokens, known)) is not None:
                    found.setdefault(position, leak)
                elif role in ("user", "text"):
                    for index in self._phrases(tokens):
                        phrases.setdefault(index, set()).add(position)
            if runs:
                shared[position] = np.array(sorted(runs), dtype=np.uint64)
        limit = max(COMMON_ROWS, math.floor(COMMON_SHARE * count))
        common = _common(shared.values(), limit)
        for position, known in shared.items():
            if position not in found and (leak := self._similar(position, known, common)):
                found[position] = leak
        for index, positions in phrases.items():
            for position in positions if len(positions) <= limit else ():
                leak = Leak(
                    position=position, case=self._prompts[index][0], kind=LeakKind.EMBEDDED
                )
                found.setdefault(position, leak)
        return tuple(found[position] for position in sorted(found))

    def _shared(self, tokens: list[str]) -> list[int]:
        if len(tokens) < RUN or not self._known.size:
            return []
        runs = shingles(tokens, RUN)
        slots = np.minimum(np.searchsorted(self._known, runs), self._known.size - 1)
        return runs[self._known[slots] == runs].tolist()

    def _phrases(self, tokens: list[str]) -> list[int]:
        if not self._short:
            return []
        text = _spaced(tokens)
        return [index for phrase, index in self._short if phrase in text]

    def _sure(self, position: int, tokens: list[str], shared: list[int]) -> Leak | None:
        text = _spaced(tokens)
        if (index := self._whole.get(text)) is not None:
            return Leak(position=position, case=self._prompts[index][0], kind=LeakKind.WHOLE)
        for index in self._best(shared):
            if _spaced(self._prompts[index][1]) in text:
                return Leak(position=position, case=self._prompts[index][0], kind=LeakKind.EMBEDDED)
        return None

    def _best(self, shared: list[int]) -> Iterator[int]:
        owners = Counter(owner for run in shared for owner in self._owners[run])
        return (
            owner for owner, number in owners.most_common() if number == self._runs[owner].size
        )

    def _similar(self, position: int, shared: np.ndarray, common: np.ndarray) -> Leak | None:
        telling = shared[~np.isin(shared, common)]
        best: tuple[float, int] | None = None
        owners = Counter(owner for run in telling.tolist() for owner in self._owners[run])
        for owner, number in owners.items():
            left = self._runs[owner].size - np.isin(self._runs[owner], common).sum()
            if best is None or number / left > best[0]:
                best = (number / left, owner)
        if best is None or best[0] < CONTAINED:
            return None
        return Leak(
            position=position,
            case=self._prompts[best[1]][0],
            kind=LeakKind.SIMILAR,
            contained=best[0],
        )


def _message_words(row: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for part in row_parts(row):
        if part.role != "system":
            yield part.role, words(part.text)
            for call in part.calls:
                yield part.role, words(call)


def _spaced(tokens: list[str]) -> str:
    return f" {' '.join(tokens)} "


def _common(shared: Iterable[np.ndarray], limit: int) -> np.ndarray:
    counts = Counter(run for runs in shared for run in runs.tolist())
    return np.array([run for run, number in counts.items() if number > limit], dtype=np.uint64)
