"""How many replies were not made by this run stands in every view, and in the JSON."""

from dataclasses import replace

from punie_train.evals.report import EvalReport
from punie_train.reporting.html_summary import summary_html
from punie_train.reporting.json_report import dumps, loads, to_json
from punie_train.reporting.kept_words import kept_note
from punie_train.reporting.terminal_table import summary_lines


def test_counts_are_told(mixed: EvalReport) -> None:
    """Terminal and page say the same sentence; an adapter without any has none."""
    report = replace(mixed, cached={"v3": 7}, resumed={"v3": 2})
    words = (
        "7 of 10 replies came from the cache, 2 of 10 replies came from the run that this one "
        "goes on with"
    )
    assert kept_note(report, "v3") == words
    assert kept_note(report, "base") is None
    assert f"v3: {words}" in summary_lines(report, width=200, next_command=None)
    assert words in summary_html(report)


def test_run_that_made_all_replies_says_nothing(mixed: EvalReport) -> None:
    """The word is not there."""
    assert kept_note(mixed, "v3") is None
    assert "came from" not in "\n".join(summary_lines(mixed, width=200, next_command=None))


def test_json_holds_the_counts(mixed: EvalReport) -> None:
    """They come back, and a report without them reads as none."""
    report = replace(mixed, cached={"v3": 7}, resumed={"base": 1})
    assert loads(dumps(report)) == report
    assert (to_json(report)["cached"], to_json(mixed)["resumed"]) == ({"v3": 7}, {})
