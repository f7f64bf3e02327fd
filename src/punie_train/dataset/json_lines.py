"""One line of a dataset as JSON, strictly, and in words why it is none.

Strict means: what every JSON reader, chat template and tokenizer can take. NaN, lone surrogates
and bytes that are not UTF-8 are refused. Integers keep all their digits.
"""

import json
from enum import StrEnum
from typing import Any

import msgspec

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

DEEPEST = 200
"""Lists and objects inside each other; more of them make readers and templates crash."""

_decode = msgspec.json.Decoder().decode


class Unreadable(StrEnum):
    """Why a line holds no row."""

    BLANK = "blank-line"
    NOT_UTF8 = "not-utf8"
    NON_FINITE = "non-finite-number"
    LONE_SURROGATE = "lone-surrogate"
    TOO_DEEP = "nested-too-deeply"
    NOT_JSON = "not-json"
    NOT_OBJECT = "not-an-object"


class UnreadableLineError(ValueError):
    """A line that holds no row: the `kind` of fault, and in words what was found."""

    def __init__(self, kind: Unreadable, fact: str) -> None:
        self.kind, self.fact = kind, fact
        super().__init__(fact)


def parse_line(raw: bytes) -> dict[str, Any]:
    """Return the JSON object in a line; raises UnreadableLineError."""
    try:
        value = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _why(raw, error) from None
    if not isinstance(value, dict):
        raise UnreadableLineError(
            Unreadable.NOT_OBJECT, f"a JSON {kind_of(value)} instead of an object"
        )
    if too_deep(raw, value):
        raise UnreadableLineError(Unreadable.TOO_DEEP, "values are nested too deeply")
    return value


def too_deep(raw: bytes, value: Any, most: int = DEEPEST) -> bool:
    """Say whether a JSON value, given with its text, has more than `most` levels."""
    if raw.count(b"[") + raw.count(b"{") <= most:
        return False
    level = [value]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def to_line(value: Any) -> bytes:
    """Return a value as one compact line of JSON in UTF-8, without a line feed.

    Raises ValueError for numbers that are not finite and for lone surrogates.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def kind_of(value: Any) -> str:
    """Return the JSON name of a value's type."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "list"
        case _:
            return "object"


def _why(raw: bytes, error: Exception) -> UnreadableLineError:
    if not raw.strip():
        return UnreadableLineError(Unreadable.BLANK, "blank line")
    if isinstance(error, RecursionError):
        return UnreadableLineError(Unreadable.TOO_DEEP, "values are nested too deeply")
    try:
        return _why_not_strict(raw.decode(), error)
    except UnicodeDecodeError as broken:
        fact = f"byte 0x{raw[broken.start]:02x} at position {broken.start} is not UTF-8"
        return UnreadableLineError(Unreadable.NOT_UTF8, fact)


def _why_not_strict(text: str, error: Exception) -> UnreadableLineError:
    odd: list[str] = []
    kind, fact = Unreadable.NOT_JSON, f"not JSON ({error})"
    try:
        value = json.loads(text, parse_constant=odd.append, parse_float=_finite(odd))
        to_line(value)
    except json.JSONDecodeError as problem:
        said = problem.msg.removesuffix(" at")
        fact = f"not JSON ({said} at character {problem.pos})"
    except UnicodeEncodeError:
        kind, fact = Unreadable.LONE_SURROGATE, "half of a surrogate pair"
    except (RecursionError, ValueError):
        pass
    if odd:
        kind, fact = Unreadable.NON_FINITE, f"the number {odd[0][:20]}"
    return UnreadableLineError(kind, fact)


def _finite(odd: list[str]) -> Any:
    def parse(digits: str) -> float:
        number = float(digits)
        if number in (float("inf"), float("-inf")):
            odd.append(digits)
        return number

    return parse
