"""One JSON value inside a longer text, in linear time and with bounded nesting."""

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
_FIRST_WINDOW = 128
_LONGEST_TOKEN = 32
_BRACKETS_AND_STRINGS = re.compile(r'[\[{\]}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)


class UnreadableJsonError(ValueError):
    """Text that is not JSON: the reason, where, and from where to go on reading."""

    def __init__(self, reason: str, *, position: int, resume: int):
        """Keep the parts; positions count characters of the whole text."""
        self.reason, self.position, self.resume = reason, position, resume
        super().__init__(reason)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


def _not_json(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(strict=False, parse_float=_finite, parse_constant=_not_json)


def decode_at(text: str, index: int) -> tuple[Any, int]:
    """Return the JSON object or array that starts at `index` and where it ends.

    Raw line breaks inside strings are read as they are. Raises `UnreadableJsonError` for what is
    not JSON, is nested deeper than `MAX_DEPTH`, or holds half of a surrogate pair. Its `resume`
    never lies before its `position`, so that a caller that goes on there stays linear.
    """
    window = _FIRST_WINDOW
    while True:
        try:
            value, length = _DECODER.raw_decode(text[index : index + window])
        except json.JSONDecodeError as error:
            if index + window < len(text) and _may_be_cut(error, window):
                window *= 4
                continue
            position = index + error.pos
            raise UnreadableJsonError(
                f"invalid JSON ({error.msg})", position=position, resume=max(position, index + 1)
            ) from None
        except (RecursionError, ValueError) as error:
            reason = str(error).partition(";")[0]
            if isinstance(error, RecursionError):
                reason = f"nested deeper than {MAX_DEPTH} levels"
            resume = _after_brackets(text, index)
            raise UnreadableJsonError(reason, position=index, resume=resume) from None
        break
    if problem := _problem(value):
        raise UnreadableJsonError(problem, position=index, resume=index + length)
    return value, index + length


def _may_be_cut(error: json.JSONDecodeError, window: int) -> bool:
    """Return whether the error may come from the end of the window.

    Windows keep the decoder linear: each of its errors counts the lines before it.
    """
    return error.pos > window - _LONGEST_TOKEN or error.msg.startswith("Unterminated string")


def _after_brackets(text: str, index: int) -> int:
    depth = 0
    for match in _BRACKETS_AND_STRINGS.finditer(text, index):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
            if depth <= 0:
                return match.end()
    return len(text)


def _problem(value: Any) -> str | None:
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:
            match item:
                case str() if not _is_encodable(item):
                    return "a string holds half of a surrogate pair"
                case dict():
                    below += item.keys()
                    below += item.values()
                case list():
                    below += item
        if not below:
            return None
        level = below
    return f"nested deeper than {MAX_DEPTH} levels"


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
