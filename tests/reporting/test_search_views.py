"""Searches and settings as text, JSON and pages; nothing of a parameter is live."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.evals.tuning import DEFAULT, SettingRun, TuneResult, TuneSetting, judge_settings
from punie_train.reporting.search_views import (
    failures,
    overlapping_note,
    search_json,
    search_page,
    search_rows,
)
from punie_train.reporting.text_table import aligned
from punie_train.reporting.tune_views import advice, notes, tune_json, tune_page, tune_rows
from punie_train.search.trials import TrialRecord, TrialState

HOSTILE = "</script><img src=x onerror=document.title='pwned'>\x1b[31m\u202e\ud800\n'\""
SCORED = {"cases": 36, "losses": {0: 2.4, 9: 0.5}, "path": "out/trial", "seconds": 33.6}


def trial(number: int, score: float | None, **changes: Any) -> TrialRecord:
    """Return a trial, complete where it has a score."""
    told: dict[str, Any] = {"state": TrialState.COMPLETE, **SCORED} if score is not None else {}
    bounds = {} if score is None else {"low": score - 0.1, "high": score + 0.1}
    values: dict[str, Any] = {"state": TrialState.FAILED, **told, **bounds, **changes}
    return TrialRecord(
        number=number, parameters={"schedule": HOSTILE, "lora_rank": 4}, score=score, **values
    )


TRIALS = (
    trial(0, 0.5),
    trial(1, None, reason=f"the loss is NaN {HOSTILE}"),
    trial(2, 0.8),
    trial(3, None, state=TrialState.PRUNED, losses={0: 2.4}),
)


class Balanced(HTMLParser):
    """Checks that every tag is closed in order, and collects their names."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _check(page: str) -> None:
    tags = Balanced()
    tags.feed(page)
    assert tags.open == []
    assert not tags.seen & {"script", "img"}
    assert not re.search("[\x1b\u202e\ud800]", page)


def test_the_best_trial_is_first() -> None:
    """Then those without a score, by their loss."""
    rows = search_rows(TRIALS)
    assert [row[0] for row in rows] == ["trial", "002", "000", "003", "001"]
    assert rows[1][3:] == ["80.0 %", "70.0-90.0 %", "36", "0.500", "33.6 s", "complete"]
    assert rows[4][-1] == "failed"


def test_json_of_a_search() -> None:
    """Trials as their own values, importances beside them."""
    told = json.loads(search_json(TRIALS, {"lora_rank": 0.7}))
    assert [each["trial"] for each in told["trials"]] == [2, 0, 3, 1]
    assert told["trials"][0]["parameters"]["schedule"] == HOSTILE
    assert told["importances"] == {"lora_rank": 0.7}


def test_hostile_parameters_are_text() -> None:
    """In the terminal and on the page."""
    lines = aligned(search_rows(TRIALS), width=200)
    assert not re.search("[\x1b\u202e\ud800\n]", "".join([*lines, *failures(TRIALS).values()]))
    page = search_page(TRIALS, {HOSTILE: 1.0})
    _check(page)
    assert page.count("<polyline") == 3
    assert "Trial 001: the loss is NaN" in page


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([0.8, 0.5], "lies above all others"),
        ([0.8, 0.7, 0.65, 0.2], "overlaps that of 2 other trials"),
        ([0.8], None),
    ],
)
def test_whether_the_best_can_be_told_apart(scores: list[float], said: str | None) -> None:
    """By the intervals of the scores."""
    note = overlapping_note([trial(number, score) for number, score in enumerate(scores)])
    assert said in note if said and note else note is said


@pytest.fixture
def tuned(make_report: Callable[..., EvalReport]) -> Callable[[int], TuneResult]:
    """Return a function that judges a setting with so many of 40 cases passed, one failed."""

    def make(passed: int) -> TuneResult:
        outcomes = [Outcome.PASSED] * passed + [Outcome.FAILED] * (40 - passed)
        report = make_report(
            {"base": [Outcome.PASSED] * 10 + [Outcome.FAILED] * 30, "v3": outcomes}
        )
        of = {
            name: tuple(each for each in report.results if each.adapter == name)
            for name in ("base", "v3")
        }
        return judge_settings(
            [
                SettingRun(setting=DEFAULT, results=of["base"], tokens_per_second=300.0),
                SettingRun(setting=TuneSetting(temperature=0.7, top_p=0.9), results=of["v3"]),
                SettingRun(setting=TuneSetting(kv_bits=4), results=(), failure=f"died {HOSTILE}"),
            ]
        )

    return make


def test_what_is_beyond_chance_is_recommended(tuned: Callable[[int], TuneResult]) -> None:
    """With the words for it, and the default otherwise."""
    assert advice(tuned(30)).startswith("Use temperature 0.7, top-p 0.9: +50.0 points")
    assert advice(tuned(12)).startswith("Keep the default: of 2 other settings none is better")


def test_settings_as_rows_json_and_page(tuned: Callable[[int], TuneResult]) -> None:
    """The best first, what has no result last, nothing of its failure live."""
    result = tuned(30)
    rows = tune_rows(result)
    assert [row[0] for row in rows[1:]] == ["temperature 0.7, top-p 0.9", "default", "KV bits 4"]
    assert rows[2][-1] == "300"
    told = json.loads(tune_json(result))
    assert told["recommended"] == {
        "temperature": 0.7,
        "top_p": 0.9,
        "repetition_penalty": None,
        "kv_bits": None,
    }
    assert told["keep_default"] is False
    assert told["settings"][0]["better"] is True
    assert any(note.startswith("KV bits 4: died") for note in notes(result))
    page = tune_page(result)
    _check(page)
    assert page.count("<circle") == 1
    lines = [*aligned(rows, width=200), *notes(result)]
    assert not re.search("[\x1b\u202e\ud800\n]", "".join(lines))


@pytest.fixture
def browser() -> str:
    """Return the path of a Chromium; a machine without one fails here rather than unseen."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium: the pages cannot be opened. Install the package `chromium`."
    return found


@pytest.mark.slow
def test_the_pages_in_a_browser(
    tuned: Callable[[int], TuneResult], tmp_path: Path, browser: str
) -> None:
    """Nothing runs, and everything is drawn."""
    for page in (search_page(TRIALS, {HOSTILE: 1.0}), tune_page(tuned(30))):
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        done = subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                f"--user-data-dir={tmp_path / 'profile'}",
                "--virtual-time-budget=2000",
                "--dump-dom",
                path.as_uri(),
            ],
            capture_output=True,
            timeout=120,
            check=True,
        )
        document = done.stdout.decode(errors="replace")
        assert re.search(r"<title>(Search|Inference settings)</title>", document)
        assert "<svg" in document
        assert "<img" not in document
