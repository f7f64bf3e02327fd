"""The field access rate of three levels in every view."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport, FieldAccessRates
from punie_train.reporting.field_access_words import field_access_words
from punie_train.reporting.html_summary import summary_html
from punie_train.reporting.json_report import from_json, to_json
from punie_train.reporting.terminal_table import summary_lines
from punie_train.reporting.transcript_page import transcript_page

ALL = FieldAccessRates(static=1.0, typed=0.98, executed=0.955)
WORDS = "100 % static, 98.0 % typed, 95.5 % executed"


@pytest.fixture
def measured(make_report: Callable[..., EvalReport]) -> EvalReport:
    """Return a report of which one adapter was measured at all levels."""
    report = make_report({"base": [Outcome.FAILED] * 4, "v3": [Outcome.PASSED] * 4})
    summary = dict(report.summary)
    summary["v3"] = replace(summary["v3"], field_access_rate=ALL)
    return replace(report, summary=summary)


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        (FieldAccessRates(), "n/a"),
        (FieldAccessRates(static=0.5), "50.0 % static"),
        (ALL, WORDS),
    ],
    ids=["none", "static", "all"],
)
def test_words(rates: FieldAccessRates, words: str) -> None:
    """Only what was measured is told."""
    assert field_access_words(rates) == words


def test_json_keeps_the_levels(measured: EvalReport) -> None:
    """The JSON has the contract's keys and gives the same report back."""
    value = to_json(measured)
    assert value["summary"]["v3"]["metrics"]["field_access_rate"] == {
        "static": 1.0,
        "typed": 0.98,
        "executed": 0.955,
    }
    assert from_json(value) == measured


def test_terminal_has_a_table_of_the_levels(measured: EvalReport) -> None:
    """An adapter a line, without those of whom nothing was measured."""
    lines = summary_lines(measured, width=64, next_command=None)
    (head,) = (index for index, line in enumerate(lines) if "fields read by the code" in line)
    assert lines[head].split()[-3:] == ["static", "typed", "executed"]
    assert lines[head + 1].split() == ["v3", "100", "%", "98.0", "%", "95.5", "%"]
    assert lines[head + 2] == ""


def test_terminal_is_silent_where_nothing_was_measured(mixed: EvalReport) -> None:
    """No empty table."""
    lines = summary_lines(mixed, width=80, next_command=None)
    assert not any("fields read" in line for line in lines)


def test_html_tells_the_levels(measured: EvalReport) -> None:
    """The summary of pytest-html and the transcript page."""
    assert f"field access {WORDS}" in summary_html(measured)
    assert WORDS in transcript_page(measured)
