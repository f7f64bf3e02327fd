"""When the field's reference rule accepts a value or a call."""

from typing import Any

import pytest

from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.scorers.call_exact import score_call_exact
from punie_train.evals.scorers.call_rule import StringMatch, problems
from punie_train.evals.scorers.reference_rule import is_accepted, normalized

NUMBER, INTEGER, TEXT = {"type": "number"}, {"type": "integer"}, {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
ROWS = {"type": "array", "items": {"type": "object"}}
OBJECT = {"type": "object"}

ACCEPTED: list[tuple[Any, list[Any], dict[str, Any], bool]] = [
    (5, [5.0], NUMBER, True),
    (5.0, [5], INTEGER, False),
    (True, [1], INTEGER, False),
    ("5", [5], INTEGER, False),
    ("April 1, 2024", ["april 1 2024"], TEXT, True),
    ("a-b_c", ["A.B/C"], TEXT, True),
    ("it's", ['it"s'], TEXT, True),
    ("abc", ["abd"], TEXT, False),
    ("", ["a"], TEXT, False),
    ("", ["a", ""], TEXT, True),
    (["A", "b "], [["a", "b"]], TEXTS, True),
    (["b", "a"], [["a", "b"]], TEXTS, False),
    (["b", "a"], [["a", "b"], ["b", "a"]], TEXTS, True),
    ([1], [["1"]], TEXTS, False),
    ([], [["a"], ""], TEXTS, True),
    ({"k": "A"}, [{"k": ["a", "b"]}], OBJECT, True),
    ({"k": "c"}, [{"k": ["a", "b"]}], OBJECT, False),
    ({"k": "a", "x": 1}, [{"k": ["a"]}], OBJECT, False),
    ({}, [{"k": ["a", ""]}], OBJECT, True),
    ({}, [{"k": ["a"]}], OBJECT, False),
    ([{"k": "a"}], [[{"k": ["a"]}]], ROWS, True),
    ([{"k": "a"}, {"k": "a"}], [[{"k": ["a"]}]], ROWS, False),
    ("x", ["x"], {}, True),
    ("variable", ["variable"], INTEGER, True),
    ("Variable", ["variable"], INTEGER, False),
    ([1], [1], INTEGER, False),
    (None, ["a"], TEXT, False),
]


@pytest.mark.parametrize(("value", "answers", "schema", "accepted"), ACCEPTED)
def test_values_are_judged_by_the_rule(
    value: Any, answers: list[Any], schema: dict[str, Any], accepted: bool
) -> None:
    """Type by the schema, texts normalized, lists in order, objects key by key."""
    assert is_accepted(value, AnyOf(values=tuple(answers)), schema) is accepted


def test_optional_is_the_empty_alternative() -> None:
    """Both ways of marking an argument as optional mean the same."""
    for answers in (AnyOf(values=("a",), optional=True), AnyOf(values=("a", ""))):
        assert is_accepted("", answers, TEXT)
        assert not is_accepted("b", answers, TEXT)


def test_texts_are_normalized_as_the_rule_says() -> None:
    """Case, blanks and some punctuation do not matter."""
    assert normalized("A b,c.d/e-f_g*h^i'j") == 'abcdefghi"j'


TOOL = ToolSpec(
    name="book",
    description="",
    parameters={
        "type": "object",
        "properties": {"city": TEXT, "nights": INTEGER, "price": NUMBER},
        "required": ["city"],
    },
)
TOOLS = {"book": TOOL}


def _wanted(**arguments: Any) -> ExpectedCall:
    return ExpectedCall(name="book", arguments=arguments)


def _made(**arguments: Any) -> ToolCall:
    return ToolCall(name="book", arguments=arguments)


CALLS = [
    (_wanted(city="Rome"), _made(city="Rome"), ()),
    (_wanted(city="Rome"), _made(city="rome"), ('book: city is "rome" instead of "Rome"',)),
    (_wanted(city="Rome"), _made(), ("book: required argument city is missing",)),
    (_wanted(city="Rome", nights=2), _made(city="Rome"), ("book: argument nights is missing",)),
    (_wanted(city="Rome"), _made(city="Rome", stars=5), ("book has no argument stars",)),
    (
        _wanted(city="Rome"),
        _made(city="Rome", nights=2),
        ("book: argument nights was not asked for",),
    ),
    (
        _wanted(city="Rome", nights=AnyOf(values=(2,), optional=True)),
        _made(city="Rome"),
        (),
    ),
    (
        _wanted(city="Rome", nights=2),
        _made(city="Rome", nights=2.0),
        ("book: nights is 2.0 instead of 2",),
    ),
    (_wanted(city="Rome", price=2), _made(city="Rome", price=2.0), ()),
    (_wanted(city="Rome", price=2.0), _made(city="Rome", price=2), ()),
    (_wanted(city=""), _made(city=""), ()),
    (_wanted(city="Rome"), ToolCall(name="rm", arguments={}), ("rm was called instead of book",)),
]


@pytest.mark.parametrize(("wanted", "made", "reasons"), CALLS)
def test_problems_of_a_call_are_told(
    wanted: ExpectedCall, made: ToolCall, reasons: tuple[str, ...]
) -> None:
    """Each problem is named with the argument and both values; a right call has none."""
    assert problems(wanted, made, TOOLS, StringMatch.EXACT) == reasons


def test_normalized_texts_pass_only_where_asked_for() -> None:
    """The default compares texts as they are."""
    expected, calls = (_wanted(city="New York"),), (_made(city="new-york"),)
    score = score_call_exact(expected, calls, TOOLS, string_match=StringMatch.NORMALIZED)
    assert score.value == 1.0
    assert score_call_exact(expected, calls, TOOLS).value == 0.0


def test_calls_are_paired_by_a_largest_matching() -> None:
    """An answer with alternatives does not take the call that another needs."""
    either = _wanted(city=AnyOf(values=("Rome", "Oslo")))
    expected = (either, _wanted(city="Rome"))
    calls = (_made(city="Rome"), _made(city="Oslo"))
    assert score_call_exact(expected, calls, TOOLS).value == 1.0
    ordered = score_call_exact(expected, calls, TOOLS, ordered=True)
    assert (ordered.value, "Oslo" in ordered.reason) == (0.0, True)


def test_order_counts_only_where_asked_for() -> None:
    """Swapped calls fail with a reason that says so."""
    expected = (_wanted(city="Rome"), _wanted(city="Oslo"))
    calls = (_made(city="Oslo"), _made(city="Rome"))
    assert score_call_exact(expected, calls, TOOLS).value == 1.0
    assert score_call_exact(expected, calls, TOOLS, ordered=True).value == 0.0
    assert score_call_exact(expected, calls[::-1], TOOLS, ordered=True).value == 1.0


def test_extra_and_missing_calls_fail() -> None:
    """As many calls as expected, and none where none is."""
    one = (_wanted(city="Rome"),)
    extra = score_call_exact(one, (_made(city="Rome"),) * 8, TOOLS)
    assert extra.reason.count("not asked for") == 6
    assert score_call_exact(one, (), TOOLS).reason.startswith("missing call: book")
    assert score_call_exact((), (), TOOLS).value == 1.0
    assert score_call_exact((), (_made(city="Rome"),), TOOLS).value == 0.0
