"""Findings counted by code, with the first places of each: memory does not grow with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from punie_train.dataset.rules import Finding, Rule

PLACES = 5


@dataclass(slots=True)
class CodeCount:
    """How often one rule was broken, and the first findings."""

    rule: Rule
    number: int = 0
    first: list[Finding] = field(default_factory=list)


class FindingCounts:
    """Counts of findings as they pass by."""

    def __init__(self) -> None:
        """Start with none."""
        self.errors = self.warnings = 0
        self._codes: dict[str, CodeCount] = {}

    def counted(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings again, each counted."""
        for finding in findings:
            if finding.is_error:
                self.errors += 1
            else:
                self.warnings += 1
            code = self._codes.setdefault(finding.rule.code, CodeCount(finding.rule))
            code.number += 1
            if len(code.first) < PLACES:
                code.first.append(finding)
            yield finding

    @property
    def codes(self) -> tuple[CodeCount, ...]:
        """Return the codes, errors before warnings, the most frequent first."""
        return tuple(
            sorted(
                self._codes.values(),
                key=lambda code: (not code.first[0].is_error, -code.number, code.rule.code),
            )
        )
