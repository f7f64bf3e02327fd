"""The files of one task of a pipeline: rows kept and removed, by split, and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.dataset.operation_report import SAMPLE, FilterCounts
from punie_train.dataset.operations import Changed, Removed, Verdict
from punie_train.dataset.rows import Row


def kept_path(parts: Path, rank: int, split: str) -> Path:
    """Return the file of the kept rows of one task and split."""
    return parts / f"{rank:05d}.{split}.jsonl"


def removed_path(parts: Path, rank: int, split: str) -> Path:
    """Return the file of the removed rows of one task and split."""
    return parts / f"{rank:05d}.{split}.removed.jsonl"


def counts_path(parts: Path, rank: int) -> Path:
    """Return the file of the counts of one task, which is written last."""
    return parts / f"{rank:05d}.counts.json"


@dataclass(slots=True, kw_only=True)
class PartCounts:
    """Rows of one split: read, changed, and what each filter did; the first is `readable`."""

    filters: Sequence[FilterCounts]
    read: int = 0
    changed: int = 0

    def add(
        self, row: Row, verdicts: Sequence[tuple[int, Verdict]], *, unreadable: str | None
    ) -> None:
        """Count one row with the verdicts of those operations that did not just keep it."""
        self.read += 1
        if unreadable is not None:
            self.filters[0].count_removed(row, unreadable)
        for place, verdict in verdicts:
            counts = self.filters[place + 1]
            if isinstance(verdict, Removed):
                counts.count_removed(row, verdict.reason)
                return
            if verdict.note is not None:
                counts.notes[verdict.note] += 1
            if isinstance(verdict, Changed):
                counts.count_changed(row, verdict.detail)
        self.changed += any(isinstance(verdict, Changed) for _, verdict in verdicts)

    def to_json(self) -> dict[str, Any]:
        """Return the counts by name."""
        return {
            "read": self.read,
            "changed": self.changed,
            "filters": [
                {
                    "removed": one.removed,
                    "changed": one.changed,
                    "notes": dict(one.notes),
                    "sample": one.sample,
                }
                for one in self.filters
            ],
        }


def add_counts(counts: FilterCounts, value: Mapping[str, Any]) -> None:
    """Add what one filter did in a later part."""
    counts.removed += value["removed"]
    counts.changed += value["changed"]
    counts.notes += Counter(value["notes"])
    counts.sample.extend(value["sample"][: SAMPLE - len(counts.sample)])
