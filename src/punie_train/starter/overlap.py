"""Which rows say what an evaluation case says: exact prompts, and shared runs of words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

GRAM = 5
LIMIT = 0.5
COMMON = 0.005
"""A run of words in more than this share of the rows, and in more than one, says nothing."""

_WORD = re.compile(r"\w+")


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case."""
    return tuple(_WORD.findall(text.lower()))


def grams(text: str) -> frozenset[tuple[str, ...]]:
    """Return every run of `GRAM` words of a text."""
    found = words(text)
    return frozenset(found[i : i + GRAM] for i in range(len(found) - GRAM + 1))


def said(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the user says in a row."""
    return tuple(m["content"] for m in row["messages"] if m["role"] == "user")


def overlapping(rows: Sequence[Mapping[str, Any]], prompts: Iterable[str]) -> dict[int, str]:
    """Return the numbers of rows that overlap a prompt, with that prompt.

    A row overlaps when it has a prompt's words exactly, or at least `LIMIT` of those runs of the
    prompt's words that are not common among the rows.
    """
    cases = {prompt: grams(prompt) for prompt in prompts}
    exact = {words(prompt): prompt for prompt in cases}
    owners: dict[tuple[str, ...], list[str]] = {}
    for prompt, found in cases.items():
        for gram in found:
            owners.setdefault(gram, []).append(prompt)
    shared: list[frozenset[tuple[str, ...]]] = []
    result: dict[int, str] = {}
    for number, row in enumerate(rows):
        texts = said(row)
        for text in texts:
            if (same := exact.get(words(text))) is not None:
                result[number] = same
        shared.append(frozenset(g for text in texts for g in grams(text) if g in owners))
    frequency = Counter(gram for found in shared for gram in found)
    most = max(1.0, COMMON * len(rows))
    common = {gram for gram, count in frequency.items() if count > most}
    rare = {prompt: len(found - common) for prompt, found in cases.items()}
    for number, found in enumerate(shared):
        hits = Counter(prompt for gram in found - common for prompt in owners[gram])
        for prompt, count in hits.items():
            if count >= LIMIT * rare[prompt]:
                result.setdefault(number, prompt)
    return result


def without_overlap(
    rows: Sequence[Mapping[str, Any]], prompts: Sequence[str]
) -> list[Mapping[str, Any]]:
    """Return the rows that overlap no prompt.

    Leaving rows out changes what is common, so this is repeated until nothing overlaps.
    """
    kept = list(rows)
    while found := overlapping(kept, prompts):
        kept = [row for number, row in enumerate(kept) if number not in found]
    return kept
