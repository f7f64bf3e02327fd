"""The result of a check in words: why it failed, what it measured, what is worth a look."""

from collections.abc import Iterator

from punie_train.checks.measured import Amount, Histogram, Measured, Share, Words
from punie_train.checks.result import CheckResult
from punie_train.dataset.finding_counts import CodeCount
from punie_train.dataset.rules import Finding, Severity
from punie_train.reporting.numbers import count, percent, plural, share
from punie_train.reporting.safe_text import one_line, shorten

FACT = 240
"""Characters of a fact that are shown."""
LABELS = 12
"""Labels of a histogram that are shown on a line."""


def failure_message(result: CheckResult) -> str:
    """Return why a check failed: for each code fact, consequence, remedy and failure id."""
    return "\n".join(line for code in result.errors for line in code_lines(code, result))


def warning_lines(result: CheckResult) -> tuple[str, ...]:
    """Return what a check found that does not fail it."""
    return tuple(line for code in result.warnings for line in code_lines(code, result))


def code_lines(code: CodeCount, result: CheckResult) -> Iterator[str]:
    """Yield the message of one code, and the further places of it; warnings lead to nothing."""
    first, *others = code.first
    mark = f" [{code.rule.failure}]" if code.rule.failure else ""
    more = f" ({plural(code.number, 'time')})" if code.number > 1 else ""
    error = code.rule.severity is Severity.ERROR
    leads_to = f": {result.check.consequence}" if error else ""
    yield f"{_fact(first)}{more}{leads_to}. {code.rule.remedy}{mark}"
    for finding in others:
        yield f"  {_fact(finding)}"
    if code.number > len(code.first):
        yield f"  ... and {count(code.number - len(code.first))} more"


def measured_text(measured: Measured) -> str:
    """Return a measured value on one line, with its name."""
    return f"{one_line(measured.name)}: {value_text(measured)}"


def value_text(measured: Measured) -> str:
    """Return a measured value on one line."""
    match measured:
        case Share():
            return f"{percent(measured.rate)} ({share(measured.part, measured.whole)})"
        case Amount(number=int(number)):
            return f"{count(number)}{_unit(measured.unit)}"
        case Amount():
            return f"{measured.number:.4g}{_unit(measured.unit)}"
        case Histogram():
            shown = [f"{shorten(name, 40)} {count(times)}" for name, times in measured.parts]
            hidden = len(shown) - LABELS
            tail = [f"{plural(hidden, 'other')}"] if hidden > 0 else []
            return ", ".join([*shown[:LABELS], *tail]) or "none"
        case Words():
            return shorten(measured.text, FACT)


def properties(result: CheckResult) -> tuple[tuple[str, object], ...]:
    """Return what JUnit's properties say: measured values as numbers, and findings by code."""
    values = [(one_line(each.name), _plain(each)) for each in result.measured]
    found = [(f"finding {code.rule.code}", code.number) for code in result.codes]
    return (*values, *found)


def _plain(measured: Measured) -> object:
    match measured:
        case Share():
            return "" if measured.rate is None else round(measured.rate, 6)
        case Amount():
            return measured.number
        case _:
            return value_text(measured)


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def _fact(finding: Finding) -> str:
    name = one_line(finding.path.name)
    place = name if finding.line is None else f"{name}:{finding.line}"
    return f"{place}: {shorten(finding.fact, FACT)}"
