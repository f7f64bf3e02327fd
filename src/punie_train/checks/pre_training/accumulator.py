"""What every check of training data does: take rows one by one, then say what it found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from punie_train.checks.catalogue import Check, Stage, checks_of
from punie_train.checks.limits import CheckLimits
from punie_train.checks.measured import Measured
from punie_train.checks.pre_training.model_view import Lent, ModelView
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.checks.result import CheckResult
from punie_train.dataset.finding_counts import FindingCounts
from punie_train.dataset.inputs import DatasetInput
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
    lent: Lent = field(default_factory=Lent)

    @property
    def is_part(self) -> bool:
        """Say whether the manifest marks it as a part of a set: not to be trained on alone."""
        return self.data.manifest.get("part") is True


class RowCheck:
    """The common part of the checks: a name, the subject, and findings counted by code."""

    name: ClassVar[str] = ""
    of_whole_set: ClassVar[bool] = False
    """Whether it is about a set to train on, and says nothing about a part of one."""
    needs_model: ClassVar[bool] = False
    needs_tokens: ClassVar[bool] = False
    needs_words: ClassVar[bool] = False
    uses_model: ClassVar[bool] = False
    """Whether it says more with a model, if there is one."""

    def __init_subclass__(cls) -> None:
        """Let those that need a model use it."""
        cls.uses_model = cls.uses_model or cls.needs_model or cls.needs_tokens

    def __init__(self, subject: Subject) -> None:
        """Start with nothing found."""
        self.subject = subject
        self.check = _BY_NAME[self.name]
        self._counts = FindingCounts()

    def skipped(self) -> str | None:
        """Return why the check has nothing to say about this subject, or None."""
        if self.of_whole_set and self.subject.is_part:
            return "the manifest marks the data as a part of a set"
        if (self.needs_model or self.needs_tokens) and self.subject.lent.model is None:
            return self.subject.lent.why_not("model")
        return None

    @property
    def model(self) -> ModelView:
        """Return the model; only checks that need one ask for it."""
        if self.subject.lent.model is None:
            raise ValueError(self.subject.lent.why_not("model"))
        return self.subject.lent.model

    def take_finding(self, finding: Finding) -> None:
        """Look at what `dataset validate` finds; most checks do not."""

    def take_row(self, row: SeenRow) -> None:
        """Look at a row; some checks do not."""

    def conclude(self) -> None:
        """Find what only shows at the end."""

    def close(self) -> None:
        """Give back what was opened; called once, whatever happened."""

    def measured(self) -> Iterator[Measured]:
        """Yield what was measured."""
        yield from ()

    def in_row(self, rule: Rule, row: SeenRow, fact: str) -> None:
        """Count a finding in a row."""
        self.found(rule, row.row.split.path, row.row.line, fact)

    def in_data(self, rule: Rule, fact: str) -> None:
        """Count a finding about the whole set."""
        self.found(rule, self.subject.data.path, None, fact)

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


_BY_NAME: Mapping[str, Check] = {check.name: check for check in checks_of(Stage.PRE_TRAINING)}
