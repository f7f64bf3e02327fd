"""Fragments for pytest-html."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult
from punie_train.reporting.html_summary import (
    case_extra_html,
    outcome_html,
    score_html,
    summary_html,
)
from punie_train.reporting.transcript_summary import score_table

KNOWN = {"b", "code", "div", "h3", "p", "pre", "rect", "span", "svg", "table", "td", "th", "tr"}


class Tags(HTMLParser):
    """Collects the names of tags and attributes, and checks that tags are closed in order."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that closes itself."""
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take the tag from those that are open."""
        assert self.open.pop() == tag


def _tags(fragment: str) -> Tags:
    tags = Tags()
    tags.feed(fragment)
    tags.close()
    return tags


def test_passed_is_a_share_of_what_was_answered(mixed: EvalReport) -> None:
    """Unavailable replies are outside of the score, so they are outside of its fraction too."""
    base = mixed.summary["base"].overall
    assert (base.passed, base.cases, base.unavailable) == (2, 10, 2)
    for page in (summary_html(mixed), score_table(mixed)):
        assert "2/8" in page
        assert "2/10" not in page


def test_summary_shows_bars_by_adapter_and_category(mixed: EvalReport) -> None:
    """Each adapter has its badge, rates and a bar with interval for every category."""
    page = summary_html(mixed)
    tallies = [1 + len(one.categories) + len(one.tags) for one in mixed.summary.values()]
    assert page.count("<svg") == sum(tallies)
    assert page.count("- new-phrasing</td>") == 2 * 2
    assert page.count("- known-phrasing</td>") == 2 * 2
    assert "adapter live" in page
    assert "delivered 50.0 %, strict format 100 %, field access n/a, 1,183 tok/s" in page
    assert "12.5-62.5 %" in page
    assert "F67, only 50 %" in page
    assert "interrupted" not in page


def test_summary_of_an_interrupted_run(make_report: Callable[..., EvalReport]) -> None:
    """A run that was cut off says so; an adapter that was not reached has no numbers."""
    page = summary_html(make_report({"base": []}, summary={}, interrupted=True))
    assert "not all cases were reached" in page
    assert "<svg" not in page


@pytest.mark.parametrize(
    ("applied", "label"),
    [
        (Applied.YES, "adapter live"),
        (Applied.NO, "NOT live"),
        (Applied.UNVERIFIED, "unverified"),
        (Applied.NOT_APPLICABLE, "bare model"),
    ],
)
def test_badge_tells_the_attestation(mixed: EvalReport, applied: Applied, label: str) -> None:
    """Every verdict of the attestation has its own words."""
    record = replace(mixed.adapters[1], attestation=Attestation(applied=applied, reason="because"))
    assert f">{label}</span>" in summary_html(replace(mixed, adapters=(record,)))


def test_hostile_texts_make_no_elements(hostile: EvalReport) -> None:
    """Whatever models and names hold, only the module's own elements and attributes appear."""
    bad = "<img src=x onerror=alert(1)>\x1b\u202e'\""
    report = replace(
        hostile,
        run=bad,
        model=replace(hostile.model, path=bad),
        gates=(replace(hostile.gates[0], adapter=bad, name=bad, message=bad),),
    )
    for fragment in (summary_html(report), *map(case_extra_html, report.results)):
        tags = _tags(fragment)
        assert tags.seen <= KNOWN
        assert not [name for name in tags.attributes if name.startswith("on") or name == "src"]
        assert not tags.open
        assert not set(fragment) & set("\x1b\u202e\u2028\ud800")


def test_case_shows_reply_calls_and_scores(mixed: EvalReport) -> None:
    """A case's extra holds prompt, raw reply, arguments, scores and measurements."""
    page = case_extra_html(mixed.results[0])
    assert "Read file number 0." in page
    assert "&lt;tool_call&gt;reply 0&lt;/tool_call&gt;" in page
    assert "<code>read_file</code>" in page
    assert ">0.py</pre>" in page
    assert "as seen" in page
    assert "reply: 20 tokens in 1.5 s" in page


def test_unavailable_case_shows_its_reason(
    make_result: Callable[..., CaseResult],
) -> None:
    """A case without reply has a reason and no empty blocks."""
    page = case_extra_html(make_result(1, "v3", Outcome.UNAVAILABLE))
    assert "missing call: read_file" in page
    assert "Reply as" not in page


@pytest.mark.parametrize("outcome", list(Outcome))
def test_cells_of_every_outcome(make_result: Callable[..., CaseResult], outcome: Outcome) -> None:
    """Outcome and score have a cell text each; unavailable has no score."""
    result = make_result(1, "v3", outcome)
    assert f">{outcome.value}</span>" in outcome_html(result)
    expected = {Outcome.PASSED: "1.00", Outcome.UNAVAILABLE: "n/a"}
    assert score_html(result) == expected.get(outcome, "0.00")
