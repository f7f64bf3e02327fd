"""What an operation did, in numbers that add up: read = kept + removed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from punie_train.dataset.rows import Row

READABLE = "readable"
"""The name under which unreadable lines are counted and removed."""
SAMPLE = 5


@dataclass(slots=True, kw_only=True)
class FilterCounts:
    """Rows that one operation saw, with the first of the removed ones."""

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    kept: int = 0
    removed: int = 0
    changed: int = 0
    notes: Counter[str] = field(default_factory=Counter)
    sample: list[dict[str, Any]] = field(default_factory=list)

    def count_removed(self, row: Row, reason: str) -> None:
        """Count a removed row and keep its place if it is one of the first."""
        self.removed += 1
        if len(self.sample) < SAMPLE:
            self.sample.append({"split": row.split.name, "line": row.line, "reason": reason})

    def to_json(self) -> dict[str, Any]:
        """Return the counts as `report.json` holds them."""
        value: dict[str, Any] = {
            "name": self.name,
            "settings": dict(self.settings),
            "read": self.kept + self.removed,
            "kept": self.kept,
            "removed": self.removed,
            "changed": self.changed,
        }
        if self.notes:
            value["notes"] = dict(self.notes.most_common())
        return value | {"sample": self.sample}


@dataclass(slots=True, kw_only=True)
class SplitCounts:
    """Rows of one split."""

    read: int = 0
    kept: int = 0
    removed: int = 0
    changed: int = 0

    def to_json(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "read": self.read,
            "kept": self.kept,
            "removed": self.removed,
            "changed": self.changed,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationReport:
    """The counts of one run of a command over a dataset."""

    operation: str
    input: str
    splits: Mapping[str, SplitCounts]
    filters: Sequence[FilterCounts]
    warnings: Sequence[str] = ()

    @property
    def read(self) -> int:
        """Return the number of lines that were read, unreadable ones among them."""
        return sum(split.read for split in self.splits.values())

    @property
    def kept(self) -> int:
        """Return the number of rows in the output."""
        return sum(split.kept for split in self.splits.values())

    @property
    def removed(self) -> int:
        """Return the number of rows in `removed.jsonl`."""
        return sum(split.removed for split in self.splits.values())

    @property
    def changed(self) -> int:
        """Return the number of kept rows whose bytes are others than before."""
        return sum(split.changed for split in self.splits.values())

    def to_json(self) -> dict[str, Any]:
        """Return the report as `report.json` holds it."""
        return {
            "operation": self.operation,
            "input": self.input,
            "read": self.read,
            "kept": self.kept,
            "removed": self.removed,
            "changed": self.changed,
            "splits": {name: counts.to_json() for name, counts in self.splits.items()},
            "filters": [counts.to_json() for counts in self.filters],
            "warnings": list(self.warnings),
        }
