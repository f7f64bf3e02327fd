"""Cases and suites choose their scorers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.completions import Completion, Exchange
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case
from punie_train.evals.case_files import CaseFileError, load_suite
from punie_train.evals.chosen_scorers import SCORERS, need_of
from punie_train.evals.scoring import score_case

CALLS = "calls: [{read_file: {path: a.py}}]"
EXPECT = {
    "calls": CALLS,
    "code": "code: [{ruff_check: {path: src}}]",
    "fields": "code: [{ruff_check: {path: src}}]\n      fields: [ruff_check.success]",
    "keywords": "keywords: [list]",
    "no_call": "no_call: true",
    "nothing": CALLS,
}
MakeTurn = Callable[..., Completion]


def _suite(tmp_path: Path, scorers: str, expect: str = CALLS, *, default: bool = False) -> Case:
    file = tmp_path / "cases.yaml"
    own = "" if default else f"\n    scorers: {scorers}"
    shared = f", scorers: {scorers}" if default else ""
    file.write_text(
        f"suite: s\ndefaults: {{category: tool_calling{shared}}}\ncases:\n"
        f"  - id: a\n    prompt: Look{own}\n    expect:\n      {expect}\n"
    )
    return load_suite(file).cases[0]


@pytest.mark.parametrize("name", SCORERS)
def test_every_scorer_can_be_chosen(name: str, tmp_path: Path, make_turn: MakeTurn) -> None:
    """It gives one score of its own name, with a reason."""
    case = _suite(tmp_path, f"[{name}]", EXPECT[need_of(name)])
    result = score_case(case, Exchange(turns=(make_turn("A list."),)), adapter="v1")
    (score,) = result.scores
    assert score.name == name
    assert score.reason


REPLY = '```json\n{"name": "read_file", "arguments": {"path": "b.py"}}\n```'


@pytest.mark.parametrize(
    ("scorers", "outcome"),
    [
        ("[tool_selection]", Outcome.PASSED),
        ("[tool_selection, strict_format]", Outcome.FAILED),
        ("[tool_selection, arguments]", Outcome.FAILED),
        ("call_exact", Outcome.FAILED),
    ],
)
def test_chosen_scorers_decide(
    scorers: str, outcome: Outcome, tmp_path: Path, make_turn: MakeTurn
) -> None:
    """All of them, and no other; the default is strict on arguments and format."""
    exchange = Exchange(turns=(make_turn(REPLY),))
    assert score_case(_suite(tmp_path, scorers), exchange, adapter="v").outcome is outcome
    plain = _suite(tmp_path, "calls", default=True)
    assert score_case(plain, exchange, adapter="v").outcome is Outcome.FAILED


def test_scorers_of_the_file_apply_where_they_can(tmp_path: Path) -> None:
    """A case without keywords is not asked for them; the scorers are part of its fingerprint."""
    case = _suite(tmp_path, "[keywords, tool_selection]", default=True)
    other = _suite(tmp_path, "[tool_selection]", default=True)
    assert case.scorers == other.scorers == ("tool_selection",)
    assert case.content_hash == other.content_hash
    assert case.content_hash != _suite(tmp_path, "[arguments]").content_hash


@pytest.mark.parametrize(
    ("scorers", "default", "problem"),
    [
        ("[tool_selction]", False, "Did you mean 'tool_selection'?"),
        ("[calls, calls]", False, "stands twice"),
        ("[keywords]", False, "has nothing to look at"),
        ("[keywords]", True, "none of the scorers has anything to look at"),
    ],
)
def test_scorers_that_cannot_be_used_are_refused(
    scorers: str, default: bool, problem: str, tmp_path: Path
) -> None:
    """With file, line and what to do."""
    with pytest.raises(CaseFileError, match=r"cases.yaml:\d+: ") as error:
        _suite(tmp_path, scorers, default=default)
    assert problem in str(error.value)


@pytest.mark.parametrize(
    ("argument", "value"), [("{any_of: [a.py], optional: true}", 1.0), ("a.py", 0.0)]
)
def test_optional_arguments_may_be_left_out(
    argument: str, value: float, tmp_path: Path, make_turn: MakeTurn
) -> None:
    """Only where the case says so."""
    case = _suite(tmp_path, "[calls]", f"calls: [{{read_file: {{path: {argument}}}}}]")
    turn: Any = make_turn('{"name": "read_file", "arguments": {}}')
    (score,) = score_case(case, Exchange(turns=(turn,)), adapter="v").scores
    assert score.value == value
