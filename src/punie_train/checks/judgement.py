"""What the checks of one artifact that is read as a whole have in common."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from punie_train.checks.catalogue import Check, Stage, named
from punie_train.checks.measured import Measured
from punie_train.checks.result import CheckResult
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.finding_counts import FindingCounts
from punie_train.dataset.rules import Finding, Rule, Severity

S = TypeVar("S")


class Judgement:
    """What one check says about one artifact."""

    def __init__(self, check: Check, path: Path) -> None:
        """Start with nothing found."""
        self.check, self.path = check, path
        self.skipped: str | None = None
        self._counts = FindingCounts()
        self._measured: list[Measured] = []

    def found(self, rule: Rule, fact: str) -> None:
        """Count a finding about the whole artifact."""
        finding = Finding(path=self.path, line=None, rule=rule, fact=fact)
        for _ in self._counts.counted((finding,)):
            pass

    def refused(self, error: PunieTrainError) -> None:
        """Count what kept the check from looking as a finding: it is no success.

        The consequence is then that of the error: nothing is known of what the check is about.
        """
        end = "" if error.remedy.endswith((".", "?")) else "."
        rule = Rule("refused", Severity.ERROR, error.remedy + end, error.failure)
        self.check = replace(self.check, consequence=error.consequence)
        self.found(rule, error.fact)

    def measure(self, *measured: Measured) -> None:
        """Keep what was measured."""
        self._measured += measured

    def skip(self, reason: str) -> None:
        """Say why there is nothing to say."""
        self.skipped = reason

    def result(self) -> CheckResult:
        """Return the result; what was found counts more than a reason to skip."""
        codes = self._counts.codes
        return CheckResult(
            check=self.check,
            codes=codes,
            measured=tuple(self._measured),
            skipped=None if codes else self.skipped,
        )


Judge = Callable[[S, Judgement], None]


def judge(
    stage: Stage,
    names: Collection[str],
    judges: Mapping[str, Judge[S]],
    subject: S,
    path: Path,
) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order."""
    results: dict[str, CheckResult] = {}
    for check in named(stage, names):
        judgement = Judgement(check, path)
        judges[check.name](subject, judgement)
        results[check.name] = judgement.result()
    return results
