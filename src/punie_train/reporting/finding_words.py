"""What `dataset validate` found, in lines for people."""

from collections.abc import Iterator

from punie_train.dataset.finding_counts import CodeCount, FindingCounts
from punie_train.dataset.rules import Finding
from punie_train.reporting.numbers import count, plural
from punie_train.reporting.safe_text import one_line, shorten

FACT = 120
"""Characters of a fact that are shown."""


def finding_lines(counts: FindingCounts, rows: int) -> Iterator[str]:
    """Yield the findings grouped by code, and a last line with the numbers."""
    for code in counts.codes:
        yield from _code_lines(code)
    if not counts.codes:
        yield f"nothing found in {plural(rows, 'row')}"
        return
    yield (
        f"{plural(counts.errors, 'error')} and {plural(counts.warnings, 'warning')} "
        f"in {plural(rows, 'row')}"
    )


def _code_lines(code: CodeCount) -> Iterator[str]:
    failure = f" [{code.rule.failure}]" if code.rule.failure else ""
    yield f"{code.rule.severity}: {code.rule.code}: {count(code.number)}{failure}"
    for finding in code.first:
        yield f"  {_place(finding)}: {shorten(finding.fact, FACT)}"
    if code.number > len(code.first):
        yield f"  ... and {count(code.number - len(code.first))} more"
    yield f"  {code.rule.remedy}"


def _place(finding: Finding) -> str:
    name = one_line(finding.path.name)
    return name if finding.line is None else f"{name}:{finding.line}"
