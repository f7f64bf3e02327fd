"""The transcript page in headless Chromium: nothing of a reply runs, and the filters filter.

Needs a `chromium` on the PATH; a machine without one fails here rather than passing unseen.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.reporting.transcript_page import transcript_page

pytestmark = pytest.mark.slow
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture
def dom(tmp_path: Path) -> Callable[[EvalReport, str], str]:
    """Return a function that opens the page of a report at a hash and returns the document."""
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    assert browser, "no Chromium: the page cannot be opened. Install the package `chromium`."

    def opened(report: EvalReport, state: str) -> str:
        page = tmp_path / "page.html"
        page.write_text(transcript_page(report), encoding="utf-8")
        done = subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                f"--user-data-dir={tmp_path / 'profile'}",
                "--virtual-time-budget=3000",
                "--dump-dom",
                f"{page.as_uri()}#{state}",
            ],
            capture_output=True,
            timeout=120,
            check=True,
        )
        return done.stdout.decode(errors="replace")

    return opened


def _shown(document: str) -> str:
    found = re.search(r"<output[^>]*>([^<]*)</output>", document)
    assert found, "the page's script did not run"
    return found[1]


def test_hostile_replies_do_nothing(
    hostile: EvalReport, dom: Callable[[EvalReport, str], str]
) -> None:
    """With every case opened, the title is ours and no element comes from a reply."""
    document = dom(hostile, "open=10")
    assert "<title>base, v3 on starter" in document
    assert "<img" not in document
    assert len(re.findall("<script[ >]", document)) == 2
    assert document.count('class="body"') == 10
    for escape in ("\\x1b", "\\u2028", "\\u202e", "\\ud800"):
        assert f'<span class="hidden-char">{escape}</span>' in document


FILTERS = {
    "all": ("", "10 of 10 cases"),
    "outcome-of-either-side": ("outcome=failed", "3 of 10 cases"),
    "outcome-of-one-side": ("outcome=failed&right=", "2 of 10 cases"),
    "category": ("category=field_access", "5 of 10 cases"),
    "outcome-and-category": ("outcome=failed&category=field_access", "2 of 10 cases"),
    "tag": ("tag=known-phrasing", "4 of 10 cases"),
    "text": ("text=NUMBER+7", "1 of 10 cases"),
    "differ": ("differ=yes", "8 of 10 cases"),
    "nothing": ("text=no+such+text", "0 of 10 cases"),
    "unknown-values": ("outcome=x&left=y", "10 of 10 cases"),
}


@pytest.mark.parametrize(("state", "expected"), FILTERS.values(), ids=FILTERS)
def test_filters(
    mixed: EvalReport, dom: Callable[[EvalReport, str], str], state: str, expected: str
) -> None:
    """Each filter leaves the cases that fit it; the address holds the state."""
    document = dom(mixed, state)
    assert _shown(document) == expected


def test_two_adapters_side_by_side(
    mixed: EvalReport, dom: Callable[[EvalReport, str], str]
) -> None:
    """An opened case shows the replies of both chosen adapters, in the chosen order."""
    document = dom(mixed, "left=v3&right=base&open=1")
    sides = re.findall(r"<section><h3>(\w+)<", document)
    assert sides == ["v3", "base"]


def test_long_list_is_drawn_in_parts(
    make_report: Callable[..., EvalReport], dom: Callable[[EvalReport, str], str]
) -> None:
    """Of 5,000 results only the first rows are drawn, and all are counted."""
    report = make_report({"base": [Outcome.FAILED] * 2500, "v3": [Outcome.PASSED] * 2500})
    document = dom(report, "")
    assert _shown(document) == "2500 of 2500 cases"
    assert 100 <= document.count("<details") < 1000
