"""Results of checks in words: terminal, JUnit and HTML."""

from pathlib import Path

from punie_train.checks.catalogue import Stage, checks_of
from punie_train.checks.measured import Amount, Histogram, Share, Words
from punie_train.checks.result import CheckResult, result_of
from punie_train.dataset.rules import Finding, Rule, Severity
from punie_train.reporting.check_html import check_html
from punie_train.reporting.check_words import (
    failure_message,
    measured_text,
    properties,
    warning_lines,
)

CHECK = checks_of(Stage.PRE_TRAINING)[0]
BAD = Rule("bad", Severity.ERROR, "Mend it.", "F99")
ODD = Rule("odd", Severity.WARNING, "Look at it.")
HOSTILE = "<img src=x onerror=alert(1)>\x1b[31m\u202e"


def made(*facts: tuple[Rule, str]) -> CheckResult:
    """Return a result with findings."""
    findings = [
        Finding(path=Path("data/train.jsonl"), line=line, rule=rule, fact=fact)
        for line, (rule, fact) in enumerate(facts, start=1)
    ]
    return result_of(CHECK, findings, (Share(HOSTILE, 1, 3), Words("w", HOSTILE)))


def test_failure_is_fact_consequence_remedy_and_id() -> None:
    """Further places follow, and what is not shown is counted."""
    message = failure_message(made(*[(BAD, "it is bad")] * 7, (ODD, "it is odd")))
    first, *others = message.splitlines()
    expected = f"train.jsonl:1: it is bad (7 times): {CHECK.consequence}. Mend it. [F99]"
    assert first == expected
    assert others[-1] == "  ... and 2 more"
    assert "odd" not in message


def test_warnings_do_not_fail() -> None:
    """They have no consequence, only a remedy."""
    result = made((ODD, "it is odd"))
    assert result.passed
    assert warning_lines(result) == ("train.jsonl:1: it is odd. Look at it.",)


def test_measured_values() -> None:
    """Shares, numbers and histograms read as everywhere else."""
    assert measured_text(Share("rows", 1, 3)) == "rows: 33.3 % (1/3)"
    assert measured_text(Share("rows", 0, 0)) == "rows: n/a (0/0)"
    assert measured_text(Amount("length", 2048, "tokens")) == "length: 2,048 tokens"
    assert measured_text(Amount("loss", 0.12345)) == "loss: 0.1235"
    assert measured_text(Histogram("tools", (("a", 1200), ("b", 1)))) == "tools: a 1,200, b 1"
    many = Histogram("tools", tuple((str(n), 1) for n in range(20)))
    assert measured_text(many).endswith("8 others")


def test_hostile_text_is_shown_as_text() -> None:
    """Nothing of a row reaches a terminal or a page as itself."""
    result = made((BAD, HOSTILE))
    told = failure_message(result) + str(properties(result))
    assert "\x1b" not in told
    assert "\u202e" not in told
    page = check_html(result)
    assert "<img" not in page
    assert "\x1b" not in page
    assert "&lt;img" in page


def test_properties_are_numbers_where_they_can_be() -> None:
    """JUnit's properties hold rates, numbers, and findings by code."""
    result = result_of(CHECK, (), (Share("rows", 1, 4), Amount("length", 7)))
    assert properties(result) == (("rows", 0.25), ("length", 7))
    assert ("finding bad", 1) in properties(made((BAD, "x")))
