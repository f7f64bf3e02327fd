"""One format in all rows: mlx-lm reads every row as the first one (F34)."""

from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Histogram, Measured
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset import rules
from punie_train.dataset.rules import Finding, Rule, Severity

CODES = frozenset(
    rule.code for rule in (rules.MIXED_FORMATS, rules.MIXED_KEYS, rules.UNKNOWN_FORMAT)
)

UNEXPECTED_FORMAT = Rule(
    "unexpected-format",
    Severity.ERROR,
    "Convert the rows with `punie-train dataset convert`, or change `format` in the settings.",
    "F34",
)


class FormatConsistency(RowCheck):
    """Rows in more than one format, or in none."""

    name = "format-consistency"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._formats: Counter[str] = Counter()

    def take_finding(self, finding: Finding) -> None:
        """Keep what is about formats."""
        if finding.rule.code in CODES:
            self.keep(finding)

    def take_row(self, row: SeenRow) -> None:
        """Count the format."""
        if row.value is None:
            self._formats["unreadable"] += 1
            return
        self._formats[str(row.format or "unknown")] += 1
        expected = self.subject.limits.format
        if expected and row.format is not None and row.format != expected:
            self.in_row(UNEXPECTED_FORMAT, row, f"a row with {row.format}, expected are {expected}")

    def measured(self) -> Iterator[Measured]:
        """Yield the formats."""
        yield Histogram("rows by format", tuple(self._formats.most_common()))
