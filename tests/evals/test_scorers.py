"""Each scorer's values and reasons."""

from typing import Any

import pytest

from punie_train.core.messages import ToolCall
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.code_reading.read_code import read_code
from punie_train.evals.scorers.calls import score_calls
from punie_train.evals.scorers.code_calls import score_code_calls
from punie_train.evals.scorers.field_access import score_field_access
from punie_train.evals.scorers.keywords import score_keywords, without_quotes
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.no_call import score_no_call
from punie_train.evals.scorers.strict_format import score_strict_format
from punie_train.evals.scorers.values import describe_value, same_number_value, same_value
from punie_train.toolcalls.parsed import ParsedCall, WireFormat


def _wanted(name: str, **arguments: Any) -> ExpectedCall:
    return ExpectedCall(name=name, arguments=arguments)


def _made(name: str, **arguments: Any) -> ToolCall:
    return ToolCall(name=name, arguments=arguments)


SAME = [
    ("a", "a", True), ("a", "A", False), ("a", "a ", False), ("1", 1, False), (1, "1", False),
    (1, 1, True), (1, 1.0, False), (1.0, 1, True), (1, True, False), (True, 1, False),
    (True, True, True), (0, False, False), (None, None, True), (None, "", False), ([1], [1], True),
    ([1, 2], [2, 1], False), ([1], [1, 1], False), ({"a": 1}, {"a": 1}, True),
    ({"a": 1}, {"a": True}, False), ({"a": 1}, {"a": 1, "b": 2}, False), ({}, [], False),
    ((1,), [1], True), (AnyOf(values=("a", "b")), "b", True), (AnyOf(values=("a",)), "b", False),
    (2**53 + 1, 2**53 + 1, True), (2**53 + 1, 2**53, False),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "actual", "same"), SAME)
def test_values_are_compared_by_json_type(expected: Any, actual: Any, same: bool) -> None:
    """Only an integer for a float is forgiven."""
    assert same_value(expected, actual) is same


def test_one_number_in_two_spellings_is_one_number() -> None:
    """Delivered 5 and read 5.0 are equal; True and 1 are not."""
    assert same_number_value(5.0, 5)
    assert same_number_value(5, 5.0)
    assert not same_number_value(True, 1)


def test_long_values_are_cut_in_reasons() -> None:
    """A reason stays readable whatever a model wrote."""
    assert len(describe_value("x" * 10_000)) < 100
    assert describe_value(AnyOf(values=("a", 1))) == '"a" or 1'


def test_matching_is_maximum() -> None:
    """An expectation with alternatives gives way to one that has no other choice."""
    wanted = [{"a", "b"}, {"a"}]
    assert match_up(wanted, ["a", "b"], lambda w, c: c in w) == (1, 0)
    assert match_up(wanted, ["a"], lambda w, c: c in w).count(None) == 1


def test_thousands_of_equal_calls_are_matched() -> None:
    """A reply that repeats itself without end is matched, not a crash."""
    matched = match_up(["a"] * 1_200, ["a"] * 1_199, lambda w, c: w == c)
    assert matched.count(None) == 1
    assert len(set(matched)) == 1_200


READ = _wanted("read_file", path="a")
CALLS = [
    ("exact", [READ], [_made("read_file", path="a")], 1.0, "right"),
    ("none", [READ], [], 0.0, 'missing call: read_file(path="a")'),
    ("wrong-value", [READ], [_made("read_file", path="b")], 0.0, 'path is "b" instead of "a"'),
    ("wrong-tool", [READ], [_made("rm", path="a")], 0.0, "not asked for: rm"),
    ("missing-argument", [READ], [_made("read_file")], 0.0, "argument path is missing"),
    (
        "extra-argument",
        [READ],
        [_made("read_file", path="a", mode="r")],
        0.0,
        "argument mode was not asked for",
    ),
    (
        "extra-call",
        [READ],
        [_made("read_file", path="a"), _made("rm_rf", path="/")],
        0.5,
        "not asked for: rm_rf",
    ),
    (
        "same-call-twice",
        [READ],
        [_made("read_file", path="a")] * 2,
        0.5,
        "not asked for: read_file",
    ),
    (
        "any-order",
        [READ, _wanted("kill", id=1)],
        [_made("kill", id=1), _made("read_file", path="a")],
        1.0,
        "right",
    ),
    (
        "half",
        [READ, _wanted("kill", id=1)],
        [_made("read_file", path="a")],
        0.5,
        "missing call: kill",
    ),
    (
        "alternatives",
        [_wanted("f", x=AnyOf(values=(1, 2))), _wanted("f", x=1)],
        [_made("f", x=1), _made("f", x=2)],
        1.0,
        "right",
    ),
    ("many-extra", [READ], [_made("x")] * 100, 0.0, "and 95 more"),
    ("nothing-at-all", [], [], 1.0, "right"),
]


@pytest.mark.parametrize(
    ("expected", "calls", "value", "reason"), [pytest.param(*row[1:], id=row[0]) for row in CALLS]
)
def test_calls_must_be_exact(
    expected: list[ExpectedCall], calls: list[ToolCall], value: float, reason: str
) -> None:
    """The score is 1.0 for the exact multiset of calls, and reasons name what is wrong."""
    score = score_calls(expected, calls)
    assert score.value == value
    assert reason in score.reason


RUFF = [_wanted("ruff_check", path="a")]


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("ruff_check('a')", 1.0, "right calls"),
        ("if x: ruff_check('a')\nelse: ruff_check('a')", 1.0, "right calls"),
        ("ruff_check('b')", 0.0, 'path is "b"'),
        ("ruff_check(x)", 0.0, "computed by the code"),
        ("ruff_check('a')\ntypecheck('a')", 0.5, "not asked for: typecheck"),
        ("print(1)", 0.0, "missing call"),
        ("print(", 0.0, "does not parse"),
    ],
)
def test_code_calls_must_be_exact(code: str, value: float, reason: str) -> None:
    """The typed tools called are compared as calls are; one call in two branches counts once."""
    score = score_code_calls(RUFF, read_code(code))
    assert score.value == value
    assert reason in score.reason


@pytest.mark.parametrize(
    ("code", "value", "reason"),
    [
        ("print(ruff_check('a').success)", 0.5, "ruff_check.violations.line"),
        ("r = ruff_check('a')\nr.fixable_count\nr.violations[0].line", 1.0, "all fields"),
        ("print(ruff_check('a'))", 0.0, "ruff_check.success or ruff_check.fixable_count"),
        ("ruff_check('a').succes", 0.0, "do not exist: ruff_check.succes"),
        ("print(", 0.0, "does not parse"),
    ],
)
def test_needed_fields_must_be_read(code: str, value: float, reason: str) -> None:
    """Each entry is met by one of its alternatives; an invented field fails."""
    wanted = [("ruff_check.success", "ruff_check.fixable_count"), ("ruff_check.violations.line",)]
    score = score_field_access(wanted, read_code(code))
    assert score.value == value
    assert reason in score.reason


@pytest.mark.parametrize(
    ("calls", "content", "value", "reason"),
    [
        ([], "A tuple is fixed.", 1.0, "answered"),
        ([], " \n", 0.0, "empty"),
        ([_made("f")], "A tuple is fixed.", 0.0, "called f()"),
        ([_made("f"), _made("g")], "", 0.0, "and 1 more"),
    ],
)
def test_a_direct_answer_has_words_and_no_call(
    calls: list[ToolCall], content: str, value: float, reason: str
) -> None:
    """Calling nothing is not enough: there must be an answer."""
    score = score_no_call(calls, content)
    assert score.value == value
    assert reason in score.reason


def _parsed(wire_format: WireFormat, strict: bool) -> ParsedCall:
    return ParsedCall(call=_made("f"), format=wire_format, strict=strict, known=True)


@pytest.mark.parametrize(
    ("calls", "value", "reason"),
    [
        ([], 1.0, "no call"),
        ([_parsed(WireFormat.QWEN3_CODER_XML, True)], 1.0, "no call is in another format"),
        ([_parsed(WireFormat.QWEN3_CODER_XML, False)], 0.0, "not exactly as trained"),
        ([_parsed(WireFormat.FENCED_JSON, False)], 0.0, "call in fenced-json, not in the trained"),
        ([_parsed(WireFormat.NONE, False)], 0.0, "cannot be read here"),
        (
            [_parsed(WireFormat.QWEN3_CODER_XML, True), _parsed(WireFormat.BARE_JSON, False)],
            0.5,
            "bare-json",
        ),
    ],
)
def test_calls_must_be_in_the_trained_format(
    calls: list[ParsedCall], value: float, reason: str
) -> None:
    """The score is the share of strict calls."""
    score = score_strict_format(calls, WireFormat.QWEN3_CODER_XML)
    assert score.value == value
    assert reason in score.reason


PROMPT = "What is the difference between a list and a tuple in Python?"
KEYWORDS = [
    ("found", ["mutable"], "A list is mutable.", 1.0),
    ("case", ["O(log n)"], "It takes o(LOG N) steps.", 1.0),
    ("inside-a-word", ["mutable"], "A tuple is immutable.", 0.0),
    ("starts-with-sign", ["- 1"], "n - 1", 1.0),
    ("sign", ["%"], "n % 2", 1.0),
    ("several-words", ["cannot be changed"], "It cannot\n be changed.", 1.0),
    ("curly-apostrophe", ["can't"], "It can\N{RIGHT SINGLE QUOTATION MARK}t.", 1.0),
    ("underscore-is-a-word", ["def"], "undefined def_x", 0.0),
    ("quoted-question", ["tuple"], "What is the difference between a list and a tuple?", 0.0),
    ("quoted-and-answered", ["tuple"], f"{PROMPT} A tuple is fixed.", 1.0),
    ("own-words", ["tuple"], "The tuple is fixed.", 1.0),
    ("pattern-is-text", ["a.c"], "abc", 0.0),
    ("empty", ["tuple"], "", 0.0),
]


@pytest.mark.parametrize(
    ("words", "reply", "value"), [pytest.param(*row[1:], id=row[0]) for row in KEYWORDS]
)
def test_keywords_count_where_the_reply_says_them(
    words: list[str], reply: str, value: float
) -> None:
    """A keyword is a whole word in any case, outside of what the reply quotes of the prompt."""
    assert score_keywords([words], reply, PROMPT).value == value


def test_keywords_take_alternatives_and_give_shares() -> None:
    """One alternative suffices; missing entries are named."""
    score = score_keywords([("fixed", "immutable"), ("append",)], "It is fixed.", PROMPT)
    assert score.value == 0.5
    assert "'append'" in score.reason


def test_quotes_are_cut_by_runs_of_words() -> None:
    """Four words in the prompt's order, or the whole of a short prompt, are a quote."""
    assert without_quotes("difference between a list, then", PROMPT).strip() == ", then"
    assert without_quotes("a list and", PROMPT) == "a list and"
    assert without_quotes("Say why: because", "Say why").strip() == ": because"
    assert without_quotes("anything", "") == "anything"
