"""Rows that repeat an earlier row, as operations: one for each kind of likeness."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.duplicates import Duplicate, find_duplicates
from punie_train.dataset.likeness import THRESHOLD, Likeness
from punie_train.dataset.near_copies import OnCompared
from punie_train.dataset.operations import KEPT, Kept, Removed, RowOperation
from punie_train.dataset.rows import Row, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Removes the rows that `found` holds, by place, with this likeness."""

    likeness: Likeness
    settings: Mapping[str, Any]
    found: dict[str, Duplicate]

    @property
    def name(self) -> str:
        """Return the likeness as the name in reports."""
        return f"{self.likeness} copies"

    def judge(self, row: Row) -> Kept | Removed:
        """Look the row up."""
        copy = self.found.get(place_of(row))
        if copy is None or copy.likeness is not self.likeness:
            return KEPT
        return Removed(copy.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCopies(Copies):
    """The first of the operations: it looks at all rows for all of them."""

    up_to: Likeness
    threshold: float
    on_compared: OnCompared | None = None

    def prepare(self, rows: Iterator[Row]) -> None:
        """Find the copies of every kind."""
        copies = find_duplicates(
            rows, up_to=self.up_to, threshold=self.threshold, on_compared=self.on_compared
        )
        self.found.update((copy.place, copy) for copy in copies)


def copy_filters(
    *,
    up_to: Likeness = Likeness.NEAR,
    threshold: float = THRESHOLD,
    on_compared: OnCompared | None = None,
) -> Sequence[RowOperation]:
    """Return the operations that keep the first of all rows that are alike, to be run together.

    `threshold` is the Jaccard index of near copies; `on_compared` is told how far the search for
    them is. Raises UsageError for a threshold that is not above 0 and up to 1.
    """
    if not 0 < threshold <= 1:
        raise UsageError(
            f"--threshold {threshold:g} is not above 0 and up to 1",
            "no share of common words can be compared with it",
            "Give 0.8, or more to remove less.",
        )
    found: dict[str, Duplicate] = {}
    kinds = [*Likeness][: [*Likeness].index(up_to) + 1]
    near = {"threshold": threshold}
    settings = {kind: near if kind is Likeness.NEAR else {} for kind in kinds}
    first = FirstCopies(
        likeness=kinds[0],
        settings=settings[kinds[0]],
        found=found,
        up_to=up_to,
        threshold=threshold,
        on_compared=on_compared,
    )
    others = (Copies(likeness=kind, settings=settings[kind], found=found) for kind in kinds[1:])
    return (first, *others)
