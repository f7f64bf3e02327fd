"""Tool calls against direct answers, by row of the training split (F31)."""

import math
from collections import Counter
from collections.abc import Iterator

from punie_train.checks.measured import Histogram, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.rules import Rule, Severity

UNBALANCED = Rule(
    "tool-share",
    Severity.ERROR,
    "Add rows of the rarer kind (`punie-train dataset generate direct` makes answers), or change "
    "`tool-share` in [tool.punie-train.checks].",
    "F31",
)
RARE_TOOL = Rule(
    "rare-tool",
    Severity.WARNING,
    "Add rows that call it: a tool that is hardly shown is hardly learnt.",
    "F31",
)
RARE = 0.01
MANY = 200
"""Rows from which on a tool can be rare."""


class Balance(RowCheck):
    """Rows that call, and rows that answer."""

    name = "balance"
    of_whole_set = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._rows = self._calling = self._unread = 0
        self._tools: Counter[str] = Counter()
        self._categories: Counter[str] = Counter()
        self._offered: set[str] = set()

    def take_row(self, row: SeenRow) -> None:
        """Count a training row."""
        if not row.is_training or not row.turns:
            return
        self._rows += 1
        called, unread = set(row.called), row.means_unread_call
        self._calling += bool(called) or unread
        self._unread += unread
        self._tools.update(called)
        self._offered.update(tool.name for tool in row.tools)
        category = (row.value or {}).get("category")
        if isinstance(category, str):
            self._categories[category] += 1

    def conclude(self) -> None:
        """Compare the share with its limits."""
        low, high = self.subject.limits.tool_share
        if self._rows and not low <= self._calling / self._rows <= high:
            share = f"{self._calling / self._rows:.1%}"
            fact = (
                f"{share} of {self._rows} training rows call a tool, expected {low:.0%}-{high:.0%}"
            )
            self.in_data(UNBALANCED, f"{fact}{_lacking(self._calling, self._rows, low, high)}")
        for name in sorted(self._offered if self._rows >= MANY else ()):
            if 0 < self._tools[name] < RARE * self._rows:
                fact = f"{name[:60]!r} is called in {self._tools[name]} of {self._rows} rows"
                self.in_data(RARE_TOOL, fact)

    def measured(self) -> Iterator[Measured]:
        """Yield the shares, and rows by tool and category."""
        yield Share("training rows that call a tool", self._calling, self._rows)
        yield Share("training rows that only answer", self._rows - self._calling, self._rows)
        if self._unread:
            yield Share("training rows with a call nobody can read", self._unread, self._rows)
        yield Histogram("rows by tool", tuple(self._tools.most_common()))
        if self._categories:
            yield Histogram("rows by category", tuple(self._categories.most_common()))


def _lacking(calling: int, rows: int, low: float, high: float) -> str:
    """Say how many rows of the rarer kind would bring the share within its limits."""
    if calling > high * rows:
        number, kind = (math.ceil(calling / high) - rows if high else 0), "only answer"
    else:
        number, kind = (math.ceil((low * rows - calling) / (1 - low)) if low < 1 else 0), "call one"
    if not number:
        return ""
    return f"; {number} more {'row' if number == 1 else 'rows'} that {kind} would do"
