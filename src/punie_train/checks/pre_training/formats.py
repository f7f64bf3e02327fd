"""One format in all rows: mlx-lm reads every row as the first one (F34)."""

from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Histogram, Measured
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.dataset import rules
from punie_train.dataset.json_lines import UnreadableLineError
from punie_train.dataset.row_rules import row_format
from punie_train.dataset.rows import Row
from punie_train.dataset.rules import Finding

CODES = frozenset(
    rule.code for rule in (rules.MIXED_FORMATS, rules.MIXED_KEYS, rules.UNKNOWN_FORMAT)
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

    def take_row(self, row: Row) -> None:
        """Count the format."""
        try:
            known = "messages" if row.plain else str(row_format(row.value) or "unknown")
        except UnreadableLineError:
            known = "unreadable"
        self._formats[known] += 1

    def measured(self) -> Iterator[Measured]:
        """Yield the formats."""
        yield Histogram("rows by format", tuple(self._formats.most_common()))
