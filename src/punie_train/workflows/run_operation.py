"""Run operations over a dataset and write the result as a dataset of its own."""

import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from punie_train.dataset.inputs import MANIFEST, REMOVED, REPORT, DatasetInput, open_dataset
from punie_train.dataset.judged_blocks import MANY, UNKNOWN
from punie_train.dataset.operation_report import (
    READABLE,
    FilterCounts,
    OperationReport,
    SplitCounts,
)
from punie_train.dataset.operations import (
    KEPT,
    Changed,
    Kept,
    KnowsSoundRows,
    NeedsAllRows,
    Removed,
    RowOperation,
)
from punie_train.dataset.removed_rows import removed_line, unreadable_line
from punie_train.dataset.row_files import RowFile
from punie_train.dataset.rows import Row, Run, read_rows, starts_with_mark
from punie_train.workflows.dataset_output import dataset_output, write_facts
from punie_train.workflows.judged_rows import read_judged_rows

Seen = Callable[[int], None]


def run_operation(
    name: str,
    data: Path,
    output: Path,
    operations: Sequence[RowOperation],
    *,
    force: bool = False,
    on_bytes: Seen | None = None,
) -> OperationReport:
    """Write the rows of `data` that all operations keep to the dataset directory `output`.

    `name` is what report and manifest call the run (`filter`, `dedupe` ...). Kept rows are written
    byte for byte; the others go to `removed.jsonl` with the operation that removed them. What
    stood at `output` is untouched until everything is written. `on_bytes` is told the size of the
    rows as they are judged, and before that as operations look at them that need all rows. Raises
    DatasetError, and UsageError for an output that is taken.
    """
    source = open_dataset(data)
    manifest = source.manifest
    with dataset_output(output, force=force) as work:
        for position, operation in enumerate(operations):
            if isinstance(operation, NeedsAllRows):
                operation.prepare(_survivors(source, operations[:position], on_bytes))
        report, files = _write_rows(name, source, work, operations, on_bytes)
        write_facts(work / REPORT, report.to_json())
        write_facts(work / MANIFEST, next_manifest(dict(manifest), report, operations, files))
    return report


def _write_rows(
    name: str,
    source: DatasetInput,
    work: Path,
    operations: Sequence[RowOperation],
    on_bytes: Seen | None,
) -> tuple[OperationReport, dict[str, RowFile]]:
    readable = FilterCounts(name=READABLE)
    counts = [FilterCounts(name=one.name, settings=one.settings) for one in operations]
    splits = {split.name: SplitCounts() for split in source.splits}
    only_read = all(isinstance(one, KnowsSoundRows) and one.only_read for one in operations)
    together = bytes([UNKNOWN, *(_keep(operations, number) for number in range(1, MANY + 1))])
    steps = tuple(zip((one.judge for one in operations), counts, strict=True))
    with ExitStack() as stack:
        files = {split: stack.enter_context(RowFile(work / f"{split}.jsonl")) for split in splits}
        removed = stack.enter_context(RowFile(work / REMOVED))
        for split in source.splits:
            split_counts, keep = splits[split.name], files[split.name].add
            for row in read_judged_rows(split, together=together, only_read=only_read):
                if on_bytes:
                    on_bytes(len(row.raw) + 1)
                if isinstance(row, Run):
                    split_counts.read += row.rows
                    keep(row.raw, row.rows)
                    continue
                split_counts.read += 1
                if not row.sound and (fact := row.unreadable):
                    readable.count_removed(row, fact)
                    removed.add(unreadable_line(row, name=READABLE, reason=fact))
                    continue
                last = row
                for judge, one in steps:
                    verdict = judge(last)
                    if verdict is KEPT:
                        continue
                    if isinstance(verdict, Removed):
                        one.count_removed(row, verdict.reason)
                        removed.add(removed_line(last, name=one.name, reason=verdict.reason))
                        break
                    last = _after(last, verdict, one)
                else:
                    keep(last.raw)
                    if last is not row:
                        split_counts.changed += 1
    return operation_report(name, source, splits, (readable, *counts), files), files


def _keep(operations: Sequence[RowOperation], messages: int) -> bool:
    """Say whether all operations keep a sound row of so many messages without looking at it."""
    return all(isinstance(one, KnowsSoundRows) and one.keeps(messages) for one in operations)


def _after(row: Row, verdict: Kept | Changed, counts: FilterCounts) -> Row:
    """Count what a verdict says beside keeping the row, and return the row as it is now."""
    if verdict.note is not None:
        counts.notes[verdict.note] += 1
    if isinstance(verdict, Kept):
        return row
    counts.count_changed(row, verdict.detail)
    return row.replaced(verdict.raw)


def operation_report(
    name: str,
    source: DatasetInput,
    splits: dict[str, SplitCounts],
    filters: Sequence[FilterCounts],
    files: dict[str, RowFile],
) -> OperationReport:
    """Return the report of a run whose files are closed; counts of kept rows are filled in."""
    seen = 0
    for split, counts in splits.items():
        counts.kept = files[split].rows
        counts.removed = counts.read - counts.kept
        seen += counts.read
    for one in filters:
        seen -= one.removed
        one.kept = seen
    return OperationReport(
        operation=name,
        input=str(source.path),
        splits=splits,
        filters=filters,
        warnings=tuple(_warnings(source, splits)),
    )


def _survivors(
    source: DatasetInput, operations: Sequence[RowOperation], on_bytes: Seen | None
) -> Iterator[Row]:
    for row in read_rows(source):
        if on_bytes:
            on_bytes(len(row.raw) + 1)
        if row.unreadable:
            continue
        survivor: Row | None = row
        for operation in operations:
            match operation.judge(survivor):
                case Removed():
                    survivor = None
                    break
                case Changed(raw=raw):
                    survivor = survivor.replaced(raw)
        if survivor is not None:
            yield survivor


def _warnings(source: DatasetInput, splits: dict[str, SplitCounts]) -> Iterator[str]:
    for split in source.splits:
        if starts_with_mark(split.path):
            yield f"{split.path.name}: the byte order mark at its start was left out"
        if split.path.stem != split.name and source.is_directory:
            yield f"{split.path.name} was read as {split.name}.jsonl"
        if splits[split.name].kept == 0:
            yield f"{split.name}.jsonl has no rows left"
    for path in source.ignored:
        yield f"{path.name} is no split and was not read"


def next_manifest(
    manifest: dict[str, Any],
    report: OperationReport,
    operations: Sequence[RowOperation],
    files: dict[str, RowFile],
) -> dict[str, Any]:
    """Return the manifest of the new dataset: that of the old one with a step more."""
    step = {
        "operation": report.operation,
        "settings": {one.name: dict(one.settings) for one in operations},
        "input": {"path": report.input, "files": manifest.pop("files", None)},
        "read": report.read,
        "kept": report.kept,
        "removed": report.removed,
        "changed": report.changed,
        "punie-train": importlib.metadata.version("punie-train"),
    }
    history = manifest.pop("history", None)
    earlier = history if isinstance(history, list) else []
    return {
        **manifest,
        "history": [*earlier, step],
        "files": {f"{split}.jsonl": file.to_json() for split, file in files.items()},
    }
