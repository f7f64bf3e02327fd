"""A finished download as a dataset directory: splits, removed rows, report and manifest."""

import importlib.metadata
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from punie_train.dataset.inputs import MANIFEST, REMOVED, REPORT, Split
from punie_train.dataset.operation_report import FilterCounts, OperationReport, SplitCounts
from punie_train.dataset.removed_rows import removed_line
from punie_train.dataset.row_files import RowFile
from punie_train.dataset.rows import row_of
from punie_train.dataset.sources import Source
from punie_train.workflows.dataset_output import write_facts
from punie_train.workflows.download_journal import DownloadJournal


def write_received(
    journal: DownloadJournal, work: Path, most: int, source: Source, shares: Mapping[str, float]
) -> OperationReport:
    """Write the first `most` examples of a journal to the directory `work`; return the counts.

    Splits are cut at the end, in one piece each: neighbours in a source are often alike. A split
    whose share is less than one row is left out. Raises DatasetError when the disk refuses.
    """
    kept = min(journal.kept, most)
    sizes = {split: int(kept * share) for split, share in shares.items()}
    sizes = {"train": kept - sum(sizes.values()), **sizes}
    sizes = {split: size for split, size in sizes.items() if size}
    counts = FilterCounts(name="convert", settings={"converter": source.converter}, kept=kept)
    if journal.passed:
        counts.notes[f"not about {source.about}, passed over"] = journal.passed
    with ExitStack() as stack:
        files = {split: stack.enter_context(RowFile(work / f"{split}.jsonl")) for split in sizes}
        removed = stack.enter_context(RowFile(work / REMOVED))
        places = iter([split for split, size in sizes.items() for _ in range(size)])
        came_from = Split(name=source.split, path=journal.path)
        for one in journal.received():
            if one.example is not None:
                if (place := next(places, None)) is None:
                    break
                files[place].add(one.example)
            else:
                row, reason = row_of(one.row, came_from, one.number), str(one.reason)
                counts.count_removed(row, reason)
                removed.add(removed_line(row, name=counts.name, reason=reason))
    report = _report(source, sizes, counts)
    write_facts(work / REPORT, report.to_json())
    write_facts(work / MANIFEST, _manifest(journal, report, files))
    return report


def _report(source: Source, sizes: Mapping[str, int], counts: FilterCounts) -> OperationReport:
    splits = {split: SplitCounts(read=size, kept=size) for split, size in sizes.items()}
    splits["train"].read += counts.removed
    splits["train"].removed = counts.removed
    return OperationReport(
        operation="download", input=source.name, splits=splits, filters=(counts,)
    )


def _manifest(
    journal: DownloadJournal, report: OperationReport, files: Mapping[str, RowFile]
) -> dict[str, Any]:
    return {
        **journal.head,
        "counts": {
            "read": report.read + journal.passed,
            "kept": report.kept,
            "removed": report.removed,
            "passed_over": journal.passed,
        },
        "punie-train": importlib.metadata.version("punie-train"),
        "files": {f"{split}.jsonl": file.to_json() for split, file in files.items()},
    }
