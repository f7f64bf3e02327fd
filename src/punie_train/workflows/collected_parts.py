"""Put the parts of a pipeline together: the same files that the command writes in one process."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import (
    MANIFEST,
    REMOVED,
    REPORT,
    Split,
    open_dataset,
)
from punie_train.dataset.operation_report import (
    READABLE,
    FilterCounts,
    OperationReport,
    SplitCounts,
)
from punie_train.dataset.operations import RowOperation
from punie_train.dataset.row_files import RowFile
from punie_train.dataset.rows import read_split_rows
from punie_train.workflows.dataset_output import dataset_output, write_facts
from punie_train.workflows.part_files import add_counts, counts_path, kept_path, removed_path
from punie_train.workflows.run_operation import next_manifest, operation_report


def collect_parts(
    name: str,
    data: Path,
    parts: Path,
    output: Path,
    operations: Sequence[RowOperation],
    *,
    force: bool = False,
) -> OperationReport:
    """Write the dataset directory `output` from the parts that a pipeline wrote.

    `name`, `data` and `operations` are those of the command (`filter` ...). Raises DatasetError
    while a task is missing, and UsageError for an output that is taken.
    """
    source = open_dataset(data)
    told = _counts(parts)
    filters = [FilterCounts(name=READABLE)]
    filters += [FilterCounts(name=one.name, settings=one.settings) for one in operations]
    splits = {split.name: SplitCounts() for split in source.splits}
    _check_fits(parts, told[0], splits, filters)
    with dataset_output(output, force=force) as work:
        with ExitStack() as stack:
            files = {one: stack.enter_context(RowFile(work / f"{one}.jsonl")) for one in splits}
            removed = stack.enter_context(RowFile(work / REMOVED))
            for split, counts in splits.items():
                for rank, value in enumerate(told):
                    _append(kept_path(parts, rank, split), files[split])
                    _append(removed_path(parts, rank, split), removed)
                    part = value["splits"][split]
                    counts.read += part["read"]
                    counts.changed += part["changed"]
                    for one, other in zip(filters, part["filters"], strict=True):
                        add_counts(one, other)
        report = operation_report(name, source, splits, filters, files)
        write_facts(work / REPORT, report.to_json())
        manifest = next_manifest(dict(source.manifest), report, operations, files)
        write_facts(work / MANIFEST, manifest)
    return report


def _append(path: Path, file: RowFile) -> None:
    for row in read_split_rows(Split(name="part", path=path)):
        file.add(row.raw)


def _counts(parts: Path) -> list[Mapping[str, Any]]:
    found = [_read(path) for path in sorted(parts.glob("*.counts.json"))]
    tasks = found[0]["tasks"] if found else 1
    missing = [rank for rank in range(tasks) if not counts_path(parts, rank).is_file()]
    if missing:
        raise DatasetError(
            f"{parts} has no part of task {missing[0]}, and {len(missing)} of {tasks} in all",
            "rows would be missing",
            "Run the pipeline again: it does what is left.",
            failure="F46",
        )
    if any(value["tasks"] != tasks for value in found):
        raise DatasetError(
            f"{parts} holds parts of runs with different numbers of tasks",
            "rows would be there twice or not at all",
            "Remove the directory and run the pipeline again.",
            failure="F46",
        )
    return found


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"{path} cannot be read ({error})", "rows would be missing", "Run that task again."
        ) from error


def _check_fits(
    parts: Path,
    told: Mapping[str, Any],
    splits: Mapping[str, SplitCounts],
    filters: Sequence[FilterCounts],
) -> None:
    same = list(told["splits"]) == list(splits) and all(
        len(value["filters"]) == len(filters) for value in told["splits"].values()
    )
    if not same:
        raise DatasetError(
            f"{parts} holds parts of other data or other filters",
            "the report would not be that of the rows",
            "Give the data and the operations that the pipeline had.",
        )
