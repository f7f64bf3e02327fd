"""Write the rows of several places to one dataset, each to a split or to `removed.jsonl`."""

import importlib.metadata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punie_train.dataset.inputs import MANIFEST, REMOVED, REPORT
from punie_train.dataset.operation_report import (
    READABLE,
    FilterCounts,
    OperationReport,
    SplitCounts,
)
from punie_train.dataset.removed_rows import removed_line, unreadable_line
from punie_train.dataset.row_files import RowFile
from punie_train.dataset.rows import Row
from punie_train.workflows.dataset_output import write_facts


class DatasetWriter:
    """The files of a dataset in the making; a context manager that closes them.

    A row counts for the split that it goes to, and a removed row for the split it came from.
    """

    def __init__(self, work: Path, splits: Iterable[str]) -> None:
        """Open the splits in a directory that exists."""
        self._work, self._stack = work, ExitStack()
        self.counts = {name: SplitCounts() for name in splits}
        self.readable = FilterCounts(name=READABLE)
        self._files: dict[str, RowFile] = {}

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            for name in self.counts:
                path = self._work / f"{name}.jsonl"
                self._files[name] = stack.enter_context(RowFile(path))
            self._removed = stack.enter_context(RowFile(self._work / REMOVED))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def keep(self, row: Row, split: str) -> None:
        """Write a row to a split."""
        counts = self.counts[split]
        counts.read += 1
        counts.kept += 1
        self._files[split].add(row.raw)

    def remove(self, row: Row, counts: FilterCounts, reason: str) -> None:
        """Write a row to `removed.jsonl`."""
        counts.count_removed(row, reason)
        self._removed.add(removed_line(row, name=counts.name, reason=reason))
        self._count_removed(row)

    def remove_unreadable(self, row: Row, fact: str) -> None:
        """Write a line that is no JSON object to `removed.jsonl`."""
        self.readable.count_removed(row, fact)
        self._removed.add(unreadable_line(row, name=READABLE, reason=fact))
        self._count_removed(row)

    def _count_removed(self, row: Row) -> None:
        counts = self.counts.setdefault(row.split.name, SplitCounts())
        counts.read += 1
        counts.removed += 1

    def finish(
        self,
        operation: str,
        source: str,
        filters: Sequence[FilterCounts],
        *,
        manifest: Mapping[str, Any],
        step: Mapping[str, Any],
        warnings: Sequence[str] = (),
    ) -> OperationReport:
        """Write `report.json` and `manifest.json` after the files were closed.

        `manifest` is what is kept of the manifests before, with their `history`; `step` is added
        to that history.
        """
        left = sum(counts.read for counts in self.counts.values())
        for one in (self.readable, *filters):
            left -= one.removed
            one.kept = left
        report = OperationReport(
            operation=operation,
            input=source,
            splits=self.counts,
            filters=(self.readable, *filters),
            warnings=tuple(warnings),
        )
        counts = {"read": report.read, "kept": report.kept, "removed": report.removed}
        version = {"punie-train": importlib.metadata.version("punie-train")}
        history = manifest.get("history")
        earlier = history if isinstance(history, list) else []
        write_facts(self._work / REPORT, report.to_json())
        write_facts(
            self._work / MANIFEST,
            {
                **manifest,
                "history": [*earlier, {"operation": operation, **step, **counts, **version}],
                "files": {f"{name}.jsonl": file.to_json() for name, file in self._files.items()},
            },
        )
        return report
