"""What every check of training data does: take rows one by one, then say what it found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from punie_train.checks.catalogue import Check, Stage, checks_of
from punie_train.checks.limits import CheckLimits
from punie_train.checks.measured import Measured
from punie_train.checks.result import CheckResult
from punie_train.dataset.finding_counts import FindingCounts
from punie_train.dataset.inputs import DatasetInput
from punie_train.dataset.rows import Row
from punie_train.dataset.rules import Finding, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """How the data will be used: mlx-lm's keys of the same names; lengths in tokens."""

    batch_size: int = 4
    max_seq_length: int = 2048
    mask_prompt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked: the dataset, how it will be used, and what is expected of it."""

    data: DatasetInput
    use: DataUse = field(default_factory=DataUse)
    limits: CheckLimits = field(default_factory=CheckLimits)

    @property
    def is_part(self) -> bool:
        """Say whether the manifest marks it as a part of a set: not to be trained on alone."""
        return self.data.manifest.get("part") is True


class Accumulator(Protocol):
    """One check while the rows pass by."""

    check: Check

    def skipped(self) -> str | None:
        """Return why the check has nothing to say about this subject, or None."""
        ...

    def take_finding(self, finding: Finding) -> None:
        """Look at what `dataset validate` finds."""
        ...

    def take_row(self, row: Row) -> None:
        """Look at a row."""
        ...

    def finish(self) -> CheckResult:
        """Return the result, once all rows were taken."""
        ...


class RowCheck:
    """The common part of the checks: a name, the subject, and findings counted by code."""

    name = ""

    def __init__(self, subject: Subject) -> None:
        """Start with nothing found."""
        self.subject = subject
        self.check = _BY_NAME[self.name]
        self._counts = FindingCounts()

    def skipped(self) -> str | None:
        """Return why the check has nothing to say about this subject, or None."""
        return None

    def take_finding(self, finding: Finding) -> None:
        """Look at what `dataset validate` finds; most checks do not."""

    def take_row(self, row: Row) -> None:
        """Look at a row; some checks do not."""

    def conclude(self) -> None:
        """Find what only shows at the end."""

    def measured(self) -> Iterator[Measured]:
        """Yield what was measured."""
        yield from ()

    def found(self, rule: Rule, path: Path, line: int | None, fact: str) -> None:
        """Count a finding; `line` is None for a whole file or directory."""
        self.keep(Finding(path=path, line=line, rule=rule, fact=fact))

    def keep(self, finding: Finding) -> None:
        """Count a finding."""
        for _ in self._counts.counted((finding,)):
            pass

    def finish(self) -> CheckResult:
        """Return the result, once all rows were taken."""
        self.conclude()
        return CheckResult(
            check=self.check, codes=self._counts.codes, measured=tuple(self.measured())
        )


_BY_NAME: Mapping[str, Any] = {check.name: check for check in checks_of(Stage.PRE_TRAINING)}
