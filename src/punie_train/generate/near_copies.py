"""Texts that say nearly the same as an earlier one, found while rows are made."""

import re
from collections import Counter

RUN = 5
LIMIT = 0.8

_WORD = re.compile(r"\w+")


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of `RUN` words of a text in lower case; of a shorter text the whole."""
    found = _WORD.findall(text.lower())
    return frozenset(
        tuple(found[start : start + RUN]) for start in range(max(1, len(found) - RUN + 1))
    )


class SeenTexts:
    """The texts so far; memory grows with them."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, ...], list[int]] = {}
        self._sizes: list[int] = []

    def is_new(self, text: str) -> bool:
        """Say whether no earlier text has a Jaccard index of `LIMIT` or more; keep it if so."""
        found = runs(text)
        shared = Counter(number for one in found for number in self._owners.get(one, ()))
        if any(
            common >= LIMIT * (len(found) + self._sizes[number] - common)
            for number, common in shared.items()
        ):
            return False
        for one in found:
            self._owners.setdefault(one, []).append(len(self._sizes))
        self._sizes.append(len(found))
        return True
