"""A line is a JSON object that everybody can read, or the reason why not is said."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punie_train.dataset.json_lines import (
    Unreadable,
    UnreadableLineError,
    parse_line,
    to_line,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        pytest.param(b'{"a": 1}\r', {"a": 1}, id="carriage return"),
        pytest.param('{"a": "x\u2028y"}'.encode(), {"a": "x\u2028y"}, id="line separator"),
        pytest.param(b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}, id="whole pair"),
        pytest.param(b'{"a": 123456789012345678901}', {"a": 123456789012345678901}, id="digits"),
    ],
)
def test_a_readable_line(raw: bytes, value: dict[str, Any]) -> None:
    """Nothing is lost on the way."""
    assert parse_line(raw) == value


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        pytest.param(b"", Unreadable.BLANK, "blank", id="nothing"),
        pytest.param(b" \t\r", Unreadable.BLANK, "blank", id="spaces"),
        pytest.param(b'{"a": "\xff"}', Unreadable.NOT_UTF8, "0xff at position 7", id="latin-1"),
        pytest.param(b'{"a": NaN}', Unreadable.NON_FINITE, "NaN", id="NaN"),
        pytest.param(b'{"a": -Infinity}', Unreadable.NON_FINITE, "-Infinity", id="infinity"),
        pytest.param(b'{"a": 1e999}', Unreadable.NON_FINITE, "1e999", id="too large"),
        pytest.param(b'{"a": "\\ud800"}', Unreadable.LONE_SURROGATE, "half", id="high half"),
        pytest.param(b'{"a": "\\udc00 b"}', Unreadable.LONE_SURROGATE, "half", id="low half"),
        pytest.param(b'{"\\ud800": 1}', Unreadable.LONE_SURROGATE, "half", id="in a key"),
        pytest.param(b'{"a": "b', Unreadable.NOT_JSON, "character 6", id="cut off"),
        pytest.param(b"{'a': 1}", Unreadable.NOT_JSON, "character 1", id="single quotes"),
        pytest.param(b'{"a": 1} {"b": 2}', Unreadable.NOT_JSON, "Extra data", id="two objects"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", Unreadable.NOT_JSON, "not JSON", id="digits"),
        pytest.param(b"[" * 99999, Unreadable.TOO_DEEP, "too deeply", id="deep"),
        pytest.param(b"[1]", Unreadable.NOT_OBJECT, "JSON list", id="list"),
        pytest.param(b'"{}"', Unreadable.NOT_OBJECT, "JSON string", id="string"),
        pytest.param(b"null", Unreadable.NOT_OBJECT, "JSON null", id="null"),
    ],
)
def test_an_unreadable_line_says_why(raw: bytes, kind: Unreadable, words: str) -> None:
    """Each kind of fault has its name."""
    with pytest.raises(UnreadableLineError, match=words) as caught:
        parse_line(raw)
    assert caught.value.kind is kind


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_written_reads_back(value: dict[str, Any]) -> None:
    """One line, in UTF-8, with every digit and character."""
    raw = to_line(value)
    assert b"\n" not in raw
    assert parse_line(raw) == value == json.loads(raw)


@given(st.binary(max_size=60))
def test_no_bytes_are_too_strange(raw: bytes) -> None:
    """A line is an object or has a reason; nothing else is raised."""
    try:
        value: object = parse_line(raw)
    except UnreadableLineError as error:
        value = error.fact
    assert isinstance(value, dict) or value
