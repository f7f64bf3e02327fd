"""What a dataset holds, in numbers."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from punie_train.dataset.inputs import DatasetInput
from punie_train.dataset.json_lines import UnreadableLineError
from punie_train.dataset.row_view import RowView, view_of
from punie_train.dataset.rows import read_rows

TokenCount = Callable[[Mapping[str, Any]], int | None]
"""Counts the tokens of a row's JSON object; None where the row cannot be written as tokens."""


@dataclass(slots=True)
class Spread:
    """Whole numbers as they pass by: how many of which, so that quantiles are exact."""

    numbers: Counter[int] = field(default_factory=Counter)

    def add(self, number: int) -> None:
        """Count one number."""
        self.numbers[number] += 1

    def to_json(self) -> dict[str, Any]:
        """Return count, sum, mean, extremes and quantiles; {} counts as `{"count": 0}`."""
        total = self.numbers.total()
        if not total:
            return {"count": 0}
        ordered = sorted(self.numbers.items())
        sums: list[int] = []
        for _, times in ordered:
            sums.append((sums[-1] if sums else 0) + times)
        whole = sum(number * times for number, times in ordered)

        def quantile(share: float) -> int:
            return ordered[bisect_left(sums, max(1, share * total))][0]

        return {
            "count": total,
            "sum": whole,
            "mean": round(whole / total, 2),
            "min": ordered[0][0],
            "median": quantile(0.5),
            "p95": quantile(0.95),
            "max": ordered[-1][0],
        }


@dataclass(slots=True)
class SplitStats:
    """The numbers of one split; lengths are in characters."""

    rows: int = 0
    unreadable: int = 0
    formats: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    offered: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    messages: Spread = field(default_factory=Spread)
    characters: Spread = field(default_factory=Spread)
    rows_with_calls: int = 0
    tokens: Spread | None = None
    without_tokens: int = 0

    def add_tokens(self, number: int | None) -> None:
        """Count the tokens of one row, or that it has none."""
        self.tokens = self.tokens or Spread()
        if number is None:
            self.without_tokens += 1
        else:
            self.tokens.add(number)

    def add(self, view: RowView) -> None:
        """Count one row."""
        self.formats[view.format] += 1
        self.roles.update(one.role for one in view.said)
        self.calls.update(view.calls)
        self.offered.update(set(view.tools))
        self.rows_with_calls += bool(view.calls)
        if view.category is not None:
            self.categories[view.category] += 1
        self.messages.add(len(view.said))
        self.characters.add(view.characters)

    def to_json(self) -> dict[str, Any]:
        """Return the numbers by name; `tokens` only where they were counted."""
        value: dict[str, Any] = {
            "rows": self.rows,
            "unreadable": self.unreadable,
            "formats": dict(self.formats.most_common()),
            "messages": self.messages.to_json(),
            "characters": self.characters.to_json(),
            "roles": dict(self.roles.most_common()),
            "rows_with_calls": self.rows_with_calls,
            "calls": dict(self.calls.most_common()),
            "tools": dict(self.offered.most_common()),
            "categories": dict(self.categories.most_common()),
        }
        if self.tokens is not None:
            value["tokens"] = self.tokens.to_json()
            value["without_tokens"] = self.without_tokens
        return value


def dataset_stats(
    data: DatasetInput,
    count_tokens: TokenCount | None = None,
    *,
    on_bytes: Callable[[int], None] | None = None,
) -> Mapping[str, SplitStats]:
    """Return the numbers of each split; unreadable lines are counted. Raises DatasetError.

    Tokens are counted where there is something to count them with. `on_bytes` is told the size
    of the rows as they pass by.
    """
    stats = {split.name: SplitStats() for split in data.splits}
    for row in read_rows(data):
        one = stats[row.split.name]
        one.rows += 1
        if on_bytes:
            on_bytes(len(row.raw) + 1)
        try:
            one.add(view_of(row.value))
        except UnreadableLineError:
            one.unreadable += 1
            continue
        if count_tokens:
            one.add_tokens(count_tokens(row.value))
    return stats
