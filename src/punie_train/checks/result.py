"""The result of one check on one artifact."""

from collections.abc import Iterable
from dataclasses import dataclass

from punie_train.checks.catalogue import Check
from punie_train.checks.measured import Measured
from punie_train.dataset.finding_counts import CodeCount, FindingCounts
from punie_train.dataset.rules import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a check found, counted by code with the first places of each, and what it measured.

    `skipped` says why it had nothing to say.
    """

    check: Check
    codes: tuple[CodeCount, ...] = ()
    measured: tuple[Measured, ...] = ()
    skipped: str | None = None

    @property
    def errors(self) -> tuple[CodeCount, ...]:
        """Return the codes that fail the check."""
        return tuple(code for code in self.codes if code.rule.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[CodeCount, ...]:
        """Return the codes that are only worth a look."""
        return tuple(code for code in self.codes if code.rule.severity is Severity.WARNING)

    @property
    def passed(self) -> bool:
        """Say whether nothing that was found is an error."""
        return not self.errors


def result_of(
    check: Check, findings: Iterable[Finding], measured: Iterable[Measured] = ()
) -> CheckResult:
    """Return the result of a check that is done; memory does not grow with the findings."""
    counts = FindingCounts()
    for _ in counts.counted(findings):
        pass
    return CheckResult(check=check, codes=counts.codes, measured=tuple(measured))
