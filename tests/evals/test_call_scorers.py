"""Scorers that look at the calls of a reply: values and reasons."""

from typing import Any

import pytest

from punie_train.core.messages import ToolCall
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.scorers.arguments import score_arguments
from punie_train.evals.scorers.call_rates import score_call_rates
from punie_train.evals.scorers.hallucinated_tool import score_hallucinated_tool
from punie_train.evals.scorers.irrelevance import score_irrelevance
from punie_train.evals.scorers.parse_rate import score_parse_rate
from punie_train.evals.scorers.tool_selection import score_tool_selection
from punie_train.evals.scorers.trajectory import Trajectory, score_trajectory


def wanted(name: str, **arguments: Any) -> ExpectedCall:
    """Build an expected call."""
    return ExpectedCall(name=name, arguments=arguments)


def made(name: str, **arguments: Any) -> ToolCall:
    """Build a call."""
    return ToolCall(name=name, arguments=arguments)


SELECTIONS = [
    ([], [], 1.0, "the right tools are called"),
    (["a"], ["a"], 1.0, "the right tools are called"),
    (["a", "a", "b"], ["a"], 1 / 3, "missing tools: 'a', 'b'"),
    (["a", "a"], [], 0.0, "missing tools: 'a' (x2)"),
    (["a"], ["a", "rm_rf"], 0.5, "extra tools: 'rm_rf'"),
    ([], ["a"], 0.0, "extra tools: 'a'"),
    (["a"], ["b"], 0.0, "missing tools: 'a'; extra tools: 'b'"),
]


@pytest.mark.parametrize(("expected", "calls", "value", "reason"), SELECTIONS)
def test_tool_selection(expected: list[str], calls: list[str], value: float, reason: str) -> None:
    """Names count as multisets; extra calls cost as much as missing ones."""
    score = score_tool_selection([wanted(n) for n in expected], [made(n) for n in calls])
    assert (score.value, score.reason) == (pytest.approx(value), reason)


RIGHT, THREE = "all arguments are right", "f: a is 3 instead of 1"
ARGUMENTS = [
    ([wanted("f", a=1, b=2)], [made("f", a=1, b=2)], 1.0, "all arguments are right"),
    ([wanted("f", a=1, b=2)], [made("f", a=1, b=3)], 0.5, "f: b is 3 instead of 2"),
    ([wanted("f", a=1, b=2)], [made("f", a=1)], 0.5, "f: argument b is missing"),
    ([wanted("f", a=1)], [made("f", a=1, b=2)], 0.5, "f: argument b was not asked for"),
    ([wanted("f", a=1)], [], 0.0, "f is not called"),
    ([wanted("f")], [made("f")], 1.0, "all arguments are right"),
    ([wanted("f")], [made("f"), made("g", x=1)], 0.5, "g was not asked for"),
    ([wanted("f", a=AnyOf(values=(1,), optional=True))], [made("f")], 1.0, RIGHT),
    ([], [], 1.0, "all arguments are right"),
    ([wanted("f", a=1), wanted("f", a=2)], [made("f", a=2), made("f", a=3)], 0.5, THREE),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "calls", "value", "reason"), ARGUMENTS)
def test_arguments(
    expected: list[ExpectedCall], calls: list[ToolCall], value: float, reason: str
) -> None:
    """The share of right arguments, missing and extra ones counted."""
    score = score_arguments(expected, calls)
    assert (score.value, score.reason) == (value, reason)


RATES = [
    (["a"], ["a"], (1.0, 1.0, 1.0)),
    (["a"], ["a"] + ["b"] * 9, (0.1, 1.0, pytest.approx(2 / 11))),
    (["a", "a"], ["a"], (1.0, 0.5, pytest.approx(2 / 3))),
    (["a"], ["a", "a"], (0.5, 1.0, pytest.approx(2 / 3))),
    (["a"], [], (0.0, 0.0, 0.0)),
    ([], ["a"], (0.0, 0.0, 0.0)),
    ([], [], (1.0, 1.0, 1.0)),
]


@pytest.mark.parametrize(("expected", "calls", "values"), RATES)
def test_rates(expected: list[str], calls: list[str], values: tuple[float, ...]) -> None:
    """Extra calls cost precision, missing ones recall, and repeated ones count again."""
    scores = score_call_rates([wanted(n) for n in expected], [made(n) for n in calls])
    assert tuple(score.value for score in scores) == values
    assert [score.name for score in scores] == ["precision", "recall", "f1"]


TRAJECTORIES = [
    ("ab", "ab", "strict unordered subset superset"),
    ("ab", "ba", "unordered subset superset"),
    ("ab", "a", "subset"),
    ("ab", "abc", "superset"),
    ("ab", "ac", ""),
    ("ab", "", ""),
    ("", "", "strict unordered subset superset"),
    ("", "a", "superset"),
    ("aa", "a", "subset"),
    ("a", "aa", "superset"),
]


@pytest.mark.parametrize(("expected", "calls", "right"), TRAJECTORIES)
def test_trajectories(expected: str, calls: str, right: str) -> None:
    """Each mode accepts what its name says; nothing called is never a subset of something."""
    for mode in Trajectory:
        score = score_trajectory([wanted(n) for n in expected], [made(n) for n in calls], mode)
        assert score.value == float(mode in right.split()), mode
        assert score.reason
        assert score.name == f"trajectory_{mode}"


def test_strict_trajectories_name_the_first_difference() -> None:
    """The number of the call and both calls are told."""
    score = score_trajectory([wanted("a"), wanted("b")], [made("a"), made("c")], Trajectory.STRICT)
    assert score.reason == "call 2 is c() instead of b()"


def test_irrelevance() -> None:
    """Nothing called is right; a call or an attempt is wrong."""
    assert score_irrelevance([]).value == 1.0
    assert score_irrelevance([made("a")]).reason == "called a() where no tool helps"
    assert score_irrelevance([], ["cut off"]).value == 0.0


def test_hallucinated_tools() -> None:
    """The share of offered tools, and the invented ones by name."""
    assert score_hallucinated_tool([], {"a"}).value == 1.0
    score = score_hallucinated_tool([made("a"), made("x"), made("x"), made("a")], {"a"})
    assert (score.value, score.reason) == (0.5, "tools that nobody offered: 'x'")


def test_parse_rate() -> None:
    """Readable among attempted calls."""
    assert score_parse_rate([], []).value == 1.0
    assert score_parse_rate([made("a")], []).reason == "all calls can be read"
    score = score_parse_rate([made("a")], ["cut off", "no name"])
    assert score.value == pytest.approx(1 / 3)
    assert score.reason == "2 of 3 calls cannot be read: cut off"
