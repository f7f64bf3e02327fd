"""Python literals inside a longer text, read without evaluating anything, in linear time.

JSON's `true`, `false` and `null` are read too, because chat templates write them into Python.
"""

import math
import re
from typing import Any

MAX_DEPTH = 64

_SPACE = re.compile(r"\s*+")
_STRING = re.compile(
    r"""(?P<prefix>[rRbBuU]{0,2})(?:
        (?P<triple>\"{3}|'{3})(?P<long>(?:[^\\]|\\.)*?)(?P=triple)
        |"(?P<double>[^"\\]*+(?:\\.[^"\\]*+)*+)"
        |'(?P<single>[^'\\]*+(?:\\.[^'\\]*+)*+)')""",
    re.VERBOSE | re.DOTALL,
)
_STRING_START = re.compile(r"""[rRbBuU]{0,2}["']""")
_NUMBER = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]{1,4000}|(?:[0-9][0-9_]{0,4000}(?:\.[0-9_]{0,4000})?"
    r"|\.[0-9][0-9_]{0,4000})(?:[eE][+-]?[0-9]{1,10})?)(?![\w.])"
)
_WORD = re.compile(r"[^\W\d]\w{0,200}")
_ESCAPE = re.compile(
    r"\\(?:(\n)|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(.))",
    re.DOTALL,
)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_NAMED_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "/": "/",
    "\\": "\\", "'": "'", '"': '"',
}  # fmt: skip
_WORDS = {"True": True, "true": True, "False": False, "false": False, "None": None, "null": None}
_CLOSING = {"[": "]", "(": ")"}


class UnreadablePythonError(ValueError):
    """Text that is not a literal or a call of literals: the reason and where."""

    def __init__(self, reason: str, position: int):
        """Keep the parts; the position counts characters of the whole text."""
        self.reason, self.position = reason, position
        super().__init__(reason)


def after_space(text: str, position: int) -> int:
    """Return the position of the first character that is not white space."""
    match = _SPACE.match(text, position)
    return match.end() if match else position


def literal_at(text: str, position: int, depth: int = 0) -> tuple[Any, int]:
    """Return the JSON value of the literal at a position, and where it ends.

    Tuples become lists. Raises `UnreadablePythonError` for names, calls and expressions, for what
    JSON cannot hold and for nesting deeper than `MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise UnreadablePythonError(f"nested deeper than {MAX_DEPTH} levels", position)
    start = text[position : position + 1]
    if start == "{":
        return _dict_at(text, position, depth)
    if start in _CLOSING and start:
        return _sequence_at(text, position, depth)
    if _STRING_START.match(text, position):
        return _strings_at(text, position)
    if number := _NUMBER.match(text, position):
        return _number(number[0], position), number.end()
    if (word := _WORD.match(text, position)) and word[0] in _WORDS:
        return _WORDS[word[0]], word.end()
    what = "the text ends where a value should stand" if not start else "not a literal value"
    raise UnreadablePythonError(what, position)


def _sequence_at(text: str, position: int, depth: int) -> tuple[Any, int]:
    closing = _CLOSING[text[position]]
    values: list[Any] = []
    commas = 0
    index = after_space(text, position + 1)
    while not text.startswith(closing, index):
        value, index = literal_at(text, index, depth + 1)
        values.append(value)
        index, went_on = _separator(text, index, closing)
        commas += went_on
    in_parentheses = closing == ")" and len(values) == 1 and not commas
    return values[0] if in_parentheses else values, index + 1


def _dict_at(text: str, position: int, depth: int) -> tuple[dict[str, Any], int]:
    values: dict[str, Any] = {}
    index = after_space(text, position + 1)
    while not text.startswith("}", index):
        key_at = index
        key, index = literal_at(text, index, depth + 1)
        if not isinstance(key, str):
            raise UnreadablePythonError("a key is not text", key_at)
        index = after_space(text, index)
        if not text.startswith(":", index):
            raise UnreadablePythonError("':' is missing after a key", index)
        values[key], index = literal_at(text, after_space(text, index + 1), depth + 1)
        index, _ = _separator(text, index, "}")
    return values, index + 1


def _separator(text: str, position: int, closing: str) -> tuple[int, bool]:
    """Return the position after an optional comma, and whether there was one."""
    position = after_space(text, position)
    if text.startswith(",", position):
        return after_space(text, position + 1), True
    if not text.startswith(closing, position):
        raise UnreadablePythonError(f"',' or '{closing}' is missing", position)
    return position, False


def _strings_at(text: str, position: int) -> tuple[str, int]:
    parts: list[str] = []
    index = position
    while match := _STRING.match(text, index):
        raw = match["long"] or match["double"] or match["single"] or ""
        parts.append(raw if "r" in match["prefix"].lower() else _ESCAPE.sub(_unescaped, raw))
        end = match.end()
        index = after_space(text, end)
        if not _STRING_START.match(text, index):
            break
    else:
        raise UnreadablePythonError("a string is not closed", index)
    value = _SURROGATES.sub(_joined, "".join(parts))
    try:
        value.encode()
    except UnicodeEncodeError:
        reason = "a string holds half of a surrogate pair"
        raise UnreadablePythonError(reason, position) from None
    return value, end


def _unescaped(match: re.Match[str]) -> str:
    newline, *codes, octal, other = match.groups()
    if newline:
        return ""
    if code := next((code for code in codes if code), None):
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else match[0]
    if octal:
        return chr(int(octal, 8))
    return _NAMED_ESCAPES.get(other, match[0])


def _joined(match: re.Match[str]) -> str:
    return match[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _number(text: str, position: int) -> int | float:
    try:
        if "x" in text.lower():
            return int(text, 16)
        value = float(text) if re.search(r"[.eE]", text) else int(text)
    except ValueError:
        raise UnreadablePythonError("not a number", position) from None
    if isinstance(value, float) and not math.isfinite(value):
        raise UnreadablePythonError("the number is too large", position)
    return value
