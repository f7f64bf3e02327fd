"""Whether code-mode rows read the results they get: 4.5 % of them taught nothing (F33)."""

import re
from collections import Counter
from collections.abc import Iterator

from punie_train.checks.limits import CheckLimits
from punie_train.checks.measured import Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.rules import Rule, Severity

RARELY_READ = Rule(
    "patterns-rare",
    Severity.ERROR,
    "Add code that reads fields of results, for example with `punie-train dataset generate "
    "field-access`.",
    "F33",
)
NEVER_READ = Rule(
    "pattern-missing", Severity.WARNING, "Add rows whose code reads it, if it will be asked.", "F33"
)
_TYPED = re.compile(r"\b(?:typecheck|ruff_check|pytest_run)\(")


class Coverage(RowCheck):
    """Rows whose code holds the expected patterns."""

    name = "coverage"
    of_whole_set = True

    def __init__(self, subject: Subject) -> None:
        """Start with no row."""
        super().__init__(subject)
        self._patterns = {text: _pattern(text) for text in subject.limits.patterns}
        self._rows = self._code = self._typed = self._any = 0
        self._with: Counter[str] = Counter()

    def take_row(self, row: SeenRow) -> None:
        """Count a training row."""
        if not row.is_training or not row.turns:
            return
        self._rows += 1
        if not row.programs:
            return
        self._code += 1
        code = "\n".join(row.programs)
        self._typed += bool(_TYPED.search(code))
        found = [text for text, pattern in self._patterns.items() if pattern.search(code)]
        self._with.update(found)
        self._any += bool(found)

    def conclude(self) -> None:
        """Compare the shares with their limit."""
        own = self.subject.limits.patterns != CheckLimits().patterns
        if not self._rows or not (self._typed or own):
            return
        least = self.subject.limits.pattern_share
        if self._any < least * self._rows:
            share = f"{self._any / self._rows:.1%}"
            fact = (
                f"{share} of {self._rows} training rows read a field of a result, "
                f"expected {least:.0%} or more"
            )
            self.in_data(RARELY_READ, fact)
        for text in self._patterns:
            if not self._with[text]:
                self.in_data(NEVER_READ, f"no training row's code holds {text!r}")

    def measured(self) -> Iterator[Measured]:
        """Yield the share of each pattern."""
        yield Share("training rows in code mode", self._code, self._rows)
        yield Share("training rows that read a field", self._any, self._rows)
        for text in self._patterns:
            yield Share(f"training rows with {text}", self._with[text], self._rows)


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds a pattern as whole words; `result` stands for whatever holds a result."""
    bare = text.removeprefix("result")
    before = r"(?<=[\w)\]])" if bare.startswith(".") else r"(?<!\w)"
    after = r"(?!\w)" if bare[-1:].isalnum() or bare.endswith("_") else ""
    return re.compile(f"{before}{re.escape(bare)}{after}")
