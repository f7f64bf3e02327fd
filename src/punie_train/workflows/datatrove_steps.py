"""Operations over rows as pipeline steps of datatrove, for its local, Slurm and Ray executors.

Needs the extra `bigger`. The steps judge as `run_operation` does, each task a share of the rows;
`workflows.collected_parts` puts the parts together to the dataset that the command would write.
Workers import the script that starts them again: everything in it belongs under a main guard.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from punie_train.core.errors import UsageError
from punie_train.core.json_files import write_json
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.operation_report import READABLE, FilterCounts
from punie_train.dataset.operations import KEPT, Changed, NeedsAllRows, Removed, RowOperation
from punie_train.dataset.removed_rows import removed_line, unreadable_line
from punie_train.dataset.row_files import RowFile
from punie_train.dataset.row_shards import read_shard
from punie_train.workflows.part_files import PartCounts, counts_path, kept_path, removed_path

ROW, VERDICTS, REMOVED = "row", "verdicts", "removed"
"""Keys of a document's metadata: the row as it is now, what was said of it, whether it goes."""


def datatrove_pipeline(
    data: Path, parts: Path, operations: Sequence[RowOperation]
) -> list[PipelineStep]:
    """Return the steps that read `data`, ask all operations, and write to the directory `parts`.

    Both must be the same place for every worker. Raises UsageError for an operation that must see
    all rows, which no task does.
    """
    for operation in operations:
        if isinstance(operation, NeedsAllRows):
            raise UsageError(
                f"{operation.name} must see all rows",
                "each task sees a share of them",
                "Run it as a command, before or after the pipeline.",
            )
    judges = [JudgeRows(operation, place) for place, operation in enumerate(operations)]
    return [ReadRows(data), *judges, WriteRows(data, parts, operations)]


class ReadRows(PipelineStep):
    """Reads a share of the rows; a document's text is its line, its id split and line number."""

    name, type = "Rows", "Reader"

    def __init__(self, data: Path) -> None:
        """Take the dataset directory or file."""
        super().__init__()
        self.data = data

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Any:
        """Yield the documents of one task."""
        for row in read_shard(open_dataset(self.data), rank, world_size):
            self.stat_update("rows")
            yield Document(
                text=row.raw.decode(errors="replace"),
                id=f"{row.split.name}:{row.line}",
                metadata={ROW: row, VERDICTS: [], REMOVED: row.unreadable},
            )


class JudgeRows(PipelineStep):
    """Asks one operation of every row that is still there; removed rows go on, marked."""

    type = "Filter"

    def __init__(self, operation: RowOperation, place: int) -> None:
        """Take the operation and its place among all, from 0."""
        self.name = operation.name
        super().__init__()
        self.operation, self.place = operation, place

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Yield every document with what the operation says of it."""
        for document in data or ():
            known = document.metadata
            if known[REMOVED] is None:
                verdict = self.operation.judge(known[ROW])
                if verdict is not KEPT:
                    known[VERDICTS].append((self.place, verdict))
                if isinstance(verdict, Removed):
                    known[REMOVED] = verdict.reason
                    self.stat_update("removed")
                elif isinstance(verdict, Changed):
                    known[ROW] = known[ROW].replaced(verdict.raw)
                    document.text = verdict.raw.decode(errors="replace")
                    self.stat_update("changed")
            yield document


class WriteRows(PipelineStep):
    """Writes what a task kept and removed, and its counts last."""

    name, type = "Parts", "Writer"

    def __init__(self, data: Path, parts: Path, operations: Sequence[RowOperation]) -> None:
        """Take the dataset, the directory of the parts, and the operations for their names."""
        super().__init__()
        self.data, self.parts = data, parts
        self.operations = [(one.name, dict(one.settings)) for one in operations]

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Any:
        """Write the documents of one task, and yield them."""
        self.parts.mkdir(parents=True, exist_ok=True)
        splits = [split.name for split in open_dataset(self.data).splits]
        counts = {name: self._fresh() for name in splits}
        with ExitStack() as stack:
            kept, removed = (
                {
                    name: stack.enter_context(RowFile(path(self.parts, rank, name)))
                    for name in splits
                }
                for path in (kept_path, removed_path)
            )
            for document in data or ():
                row, reason = document.metadata[ROW], document.metadata[REMOVED]
                split, verdicts = row.split.name, document.metadata[VERDICTS]
                counts[split].add(row, verdicts, unreadable=None if verdicts else reason)
                if reason is None:
                    kept[split].add(row.raw)
                elif verdicts:
                    name = self.operations[verdicts[-1][0]][0]
                    removed[split].add(removed_line(row, name=name, reason=reason))
                else:
                    removed[split].add(unreadable_line(row, name=READABLE, reason=reason))
                yield document
        value: dict[str, Any] = {name: one.to_json() for name, one in counts.items()}
        write_json(counts_path(self.parts, rank), {"tasks": world_size, "splits": value})

    def _fresh(self) -> PartCounts:
        filters = [FilterCounts(name=name, settings=known) for name, known in self.operations]
        return PartCounts(filters=[FilterCounts(name=READABLE), *filters])
