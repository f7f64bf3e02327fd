"""The report of a dataset operation in lines for people."""

from collections.abc import Iterator
from pathlib import Path

from punie_train.dataset.operation_report import OperationReport
from punie_train.reporting.numbers import count, plural
from punie_train.reporting.safe_text import one_line, shorten

REASON = 100
"""Characters of a reason that are shown."""


def operation_lines(report: OperationReport, output: Path) -> Iterator[str]:
    """Yield the counts, then each filter that removed or changed rows, with its first reasons."""
    changed = f", {count(report.changed)} changed" if report.changed else ""
    yield (
        f"{plural(report.read, 'row')} read, {count(report.kept)} kept{changed}, "
        f"{count(report.removed)} removed"
    )
    for split, counts in report.splits.items():
        yield f"  {split}: {count(counts.kept)} of {count(counts.read)} kept"
    for one in report.filters:
        if not (one.removed or one.changed or one.notes):
            continue
        yield f"{one.name}: {count(one.removed)} removed" + (
            f", {count(one.changed)} changed" if one.changed else ""
        )
        for place in one.sample:
            reason = shorten(str(place["reason"]), REASON)
            yield f"  {place['split']}:{place['line']}: {reason}"
        if one.removed > len(one.sample):
            yield f"  ... and {count(one.removed - len(one.sample))} more"
        for note, number in one.notes.most_common():
            yield f"  {one_line(note)}: {count(number)}"
    yield f"written to {one_line(str(output))}"
