"""The rules of `dataset validate`, apart from those that another check is about."""

from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Histogram, Measured
from punie_train.checks.pre_training import formats
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.dataset.rows import Row
from punie_train.dataset.rules import Finding

ELSEWHERE = formats.CODES


class Structure(RowCheck):
    """What breaks a rule."""

    name = "structure"

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._splits: Counter[str] = Counter()

    def take_finding(self, finding: Finding) -> None:
        """Keep what no other check is about."""
        if finding.rule.code not in ELSEWHERE:
            self.keep(finding)

    def take_row(self, row: Row) -> None:
        """Count the row."""
        self._splits[row.split.name] += 1

    def measured(self) -> Iterator[Measured]:
        """Yield the rows of each split."""
        yield Histogram("rows", tuple(self._splits.items()))
