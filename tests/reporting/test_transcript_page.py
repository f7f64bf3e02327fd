"""The transcript page as text; what a browser makes of it is tested apart."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.reporting.bars import bar
from punie_train.reporting.transcript_page import transcript_page


class Elements(HTMLParser):
    """Collects tags, attributes and the text of scripts and styles."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.blocks: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Keep what stands in a script or style."""
        if self.tags and self.tags[-1] in {"script", "style"} and data.strip():
            self.blocks.append((self.tags[-1], data))


def _read(page: str) -> Elements:
    elements = Elements()
    elements.feed(page)
    elements.close()
    return elements


def _data(page: str) -> dict[str, object]:
    return json.loads(next(text for _, text in _read(page).blocks if text.startswith("{")))


def test_policy_names_the_only_script_and_style(mixed: EvalReport) -> None:
    """The policy allows nothing but the page's own script and style, by their hashes."""
    page = transcript_page(mixed)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    for kind, text in _read(page).blocks:
        if not text.startswith("{"):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}'" in policy[1]


def test_nothing_is_requested_and_no_handler_is_inline(hostile: EvalReport) -> None:
    """There is no address, no image and no event attribute, and links stay on the page."""
    elements = _read(transcript_page(hostile))
    assert not {"img", "link", "iframe", "object", "base"} & set(elements.tags)
    assert elements.tags.count("script") == 2
    assert not [name for name, _ in elements.attributes if name.startswith("on") or name == "src"]
    assert not [name for name, _ in elements.attributes if name == "style"]
    assert all(value.startswith("#") for name, value in elements.attributes if name == "href")


def test_hostile_replies_are_data(hostile: EvalReport) -> None:
    """What models wrote stands in the data block alone, and comes back as it was written."""
    page = transcript_page(hostile)
    assert page.count("</script>") == 2
    assert page.isascii()
    page.encode("utf-8")
    cases = _data(page)["cases"]
    assert isinstance(cases, list)
    assert cases[0]["results"]["0"]["reply"] == hostile.results[0].reply
    assert cases[0]["prompt"] == hostile.results[0].prompt


def test_hostile_names_are_escaped(make_report: Callable[..., EvalReport]) -> None:
    """Names of adapters, categories, tags, models and gates are escaped as well."""
    bad = "<img src=x onerror=alert(1)>"
    report = make_report({f"base{bad}": [Outcome.PASSED], f"v3{bad}": [Outcome.PASSED]}, bad)
    summary = report.summary[f"v3{bad}"]
    spoiled = replace(
        report,
        run=bad,
        model=replace(report.model, path=bad),
        environment={bad: bad},
        gates=(replace(report.gates[1], name=bad, message=bad, adapter=bad),),
        summary={
            name: replace(
                summary, categories={bad: summary.overall}, tags={(bad, bad): summary.overall}
            )
            for name in report.summary
        },
    )
    assert "img" not in _read(transcript_page(spoiled)).tags


def test_summary_needs_no_script(mixed: EvalReport) -> None:
    """Scores, intervals, badges, gates and comparisons stand in the page itself."""
    page = transcript_page(mixed)
    assert "<title>base, v3 on starter: transcripts of 2026-11-02T10-11-12Z-4f2a</title>" in page
    assert '<span class="badge good">adapter live</span>' in page
    assert '<span class="badge plain">bare model</span>' in page
    assert '<tr class="total"><th scope="row">overall</th>' in page
    assert '<tr class="category"><th scope="row">field_access</th>' in page
    assert '<tr class="tag"><th scope="row">new-phrasing</th>' in page
    assert "12.5-62.5 %" in page
    assert "against base: +20.0 points, 3 gained, 1 lost in 10 pairs" in page
    assert page.index("F67, only 50 %") < page.index("80 % is enough")
    assert "Interrupted" not in page


def test_sparse_report_still_makes_a_page(make_report: Callable[..., EvalReport]) -> None:
    """Without gates, summary or results the page says so and has its table."""
    report = make_report({"base": [], "v3": []}, gates=(), summary={}, interrupted=True)
    page = transcript_page(report)
    assert "Interrupted: only the cases that were reached are shown." in page
    assert "Gates" not in page
    assert _data(page)["cases"] == []


def test_perfect_adapter_tells_its_bound(make_report: Callable[..., EvalReport]) -> None:
    """An adapter that passed all has the upper bound of its failure rate on its card."""
    page = transcript_page(make_report({"v3": [Outcome.PASSED] * 59}))
    assert "all 59 cases passed: the failure rate is at most 5.0 %" in page


def test_results_of_one_case_share_an_entry(mixed: EvalReport) -> None:
    """A case has one entry with its result under each adapter, an unknown adapter included."""
    stray = replace(mixed.results[0], adapter="v9")
    data = _data(transcript_page(replace(mixed, results=(*mixed.results, stray))))
    cases = data["cases"]
    assert isinstance(cases, list)
    assert data["adapters"] == ["base", "v3", "v9"]
    assert len(cases) == 10
    assert cases[0]["results"].keys() == {"0", "1", "2"}
    assert cases[0]["label"] == "case-0"


def test_repeats_have_entries_of_their_own(mixed: EvalReport) -> None:
    """Repeats of a case are told apart in the list."""
    again = replace(mixed.results[0], repeat=2)
    cases = _data(transcript_page(replace(mixed, results=(mixed.results[0], again))))["cases"]
    assert isinstance(cases, list)
    assert [case["label"] for case in cases] == ["case-0, repeat 1", "case-0, repeat 2"]


def test_arguments_and_facts_are_ready_to_show(mixed: EvalReport) -> None:
    """Arguments are text (a large integer keeps its digits) and facts are words."""
    call = replace(mixed.results[0].calls[0], arguments={"a": "x\ny", "n": 2**60, "l": {"k": [1]}})
    odd = replace(mixed.results[0], calls=(call,), strict=False, delivered=None, finish_reason="")
    cases = _data(transcript_page(replace(mixed, results=(odd,))))["cases"]
    assert isinstance(cases, list)
    shown = cases[0]["results"]["0"]
    assert shown["calls"][0][1] == [
        ["a", "x\ny"],
        ["n", "1152921504606846976"],
        ["l", '{\n "k": [\n  1\n ]\n}'],
    ]
    facts = dict(shown["facts"])
    assert facts["reply"] == "20 tokens in 1.5 s"
    assert facts["format"] == "qwen3-coder-xml, not strict"
    assert facts["calls delivered by the server"] == "n/a"


def test_bar_without_score_is_an_empty_track(mixed: EvalReport) -> None:
    """No score means no filled part and no interval; with a score both are drawn."""
    full = mixed.summary["base"].overall
    assert {"fill", "range"} <= set(re.findall(r'class="(\w+)"', bar(full)))
    empty = bar(replace(full, score=None, interval=None))
    assert re.findall(r'class="(\w+)"', empty) == ["bar", "track"]


def test_category_of_one_adapter_alone(mixed: EvalReport) -> None:
    """A category that one adapter never ran reads n/a there, and keeps its column."""
    summary = mixed.summary["base"]
    fewer = {name: tally for name, tally in summary.categories.items() if name != "field_access"}
    changed = {**mixed.summary, "base": replace(summary, categories=fewer)}
    page = transcript_page(replace(mixed, summary=changed))
    row = next(line for line in page.splitlines() if 'category"><th scope="row">field_a' in line)
    assert row.count("<td>") == 2
    assert row.count("n/a") == 1


@pytest.mark.parametrize(("adapters", "expected"), [(3, False), (4, True)])
def test_many_adapters_get_narrow_columns(
    make_report: Callable[..., EvalReport], adapters: int, expected: bool
) -> None:
    """From four adapters on, bars stand below their numbers so that the table fits."""
    report = make_report({f"v{number}": [Outcome.PASSED] for number in range(adapters)})
    assert ('<table class="scores many">' in transcript_page(report)) is expected
