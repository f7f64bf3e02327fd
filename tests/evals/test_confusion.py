"""B13: which tool came where which was right."""

import pytest

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Expectation, ExpectedCall
from punie_train.evals.confusion import confusion, expected_tools, mix_ups


def _calls(*names: str) -> tuple[ToolCall, ...]:
    return tuple(ToolCall(name=name, arguments={}) for name in names)


@pytest.mark.parametrize(
    ("expected", "called", "malformed", "matrix"),
    [
        pytest.param(("a",), ("a",), (), {"a": {"a": 1}}, id="right"),
        pytest.param(("a",), ("b",), (), {"a": {"b": 1}}, id="another tool"),
        pytest.param(("a",), (), (), {"a": {"none": 1}}, id="no call"),
        pytest.param(("a",), (), ("cut off",), {"a": {"malformed": 1}}, id="unreadable"),
        pytest.param((), (), (), {"none": {"none": 1}}, id="rightly silent"),
        pytest.param((), ("a",), (), {"none": {"a": 1}}, id="called for nothing"),
        pytest.param((), (), ("bad",), {"none": {"malformed": 1}}, id="meant a call for nothing"),
        pytest.param(
            ("a", "b"), ("b", "a"), (), {"b": {"b": 1}, "a": {"a": 1}}, id="order does not matter"
        ),
        pytest.param(
            ("a", "a", "b"),
            ("a", "c", "d", "e"),
            ("bad",),
            {"a": {"a": 1, "c": 1}, "b": {"d": 1}, "none": {"e": 1, "malformed": 1}},
            id="what is left over meets in order",
        ),
    ],
)
def test_one_reply(make_result, expected, called, malformed, matrix) -> None:
    """Every way in which one reply can be right or wrong."""
    outcome = Outcome.MALFORMED if malformed else Outcome.FAILED
    result = make_result(
        expected=expected, calls=_calls(*called), malformed=malformed, outcome=outcome, score=0.0
    )
    found = confusion([result])
    assert {wanted: dict(sorted(row.items())) for wanted, row in found.items()} == {
        wanted: dict(sorted(row.items())) for wanted, row in matrix.items()
    }


def test_every_expected_call_is_in_its_row(make_result) -> None:
    """A row sums up to what was wanted."""
    results = [make_result(expected=("a", "b"), calls=_calls("a")) for _ in range(3)]
    matrix = confusion(results)
    assert sum(matrix["a"].values()) == sum(matrix["b"].values()) == 3
    assert mix_ups(matrix) == [("b", "none", 3)]


def test_what_has_no_reply_or_says_nothing_is_left_out(make_result) -> None:
    """Neither is a confusion."""
    missing = make_result(
        expected=("a",), calls=(), outcome=Outcome.UNAVAILABLE, score=None, strict=None
    )
    silent = make_result(expected=None, calls=_calls("a"))
    assert confusion([missing, silent]) == {}
    assert confusion([make_result(expected=("a",), calls=_calls("a"))]) == {"a": {"a": 1}}


def test_what_a_case_expects() -> None:
    """Calls, code, silence, or nothing said."""
    one = ExpectedCall(name="read_file", arguments={})
    typed = ExpectedCall(name="typecheck", arguments={})
    assert expected_tools(Expectation(calls=(one, one))) == ("read_file", "read_file")
    assert expected_tools(Expectation(code=(typed,))) == ("execute_code",)
    assert expected_tools(Expectation(no_call=True)) == ()
    assert expected_tools(Expectation(keywords=(("yes",),))) is None
