"""Typed access to parsed JSON: every complaint names the place."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from punie_train.core.errors import PunieTrainError

MAX_DEPTH = 64
"""Levels of nesting that are written; what lies deeper is replaced by a note."""

REQUIRED: Any = object()
Item = TypeVar("Item")
Member = TypeVar("Member", bound=StrEnum)


class ReportFormatError(PunieTrainError):
    """A file or value that should be an evaluation report is none, or not one of this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A JSON object and the place where it stands; a key without default must be there."""

    values: Mapping[str, Any]
    place: str

    def text(self, key: str, default: Any = REQUIRED) -> Any:
        """Return a string."""
        return self._checked(key, default, str, "text")

    def whole(self, key: str, default: Any = REQUIRED) -> Any:
        """Return a whole number."""
        return self._checked(key, default, int, "a whole number")

    def number(self, key: str, default: Any = REQUIRED) -> Any:
        """Return a number as it is written, whole or not."""
        return self._checked(key, default, (int, float), "a number")

    def flag(self, key: str, default: Any = REQUIRED) -> Any:
        """Return true or false."""
        return self._checked(key, default, bool, "true or false")

    def member(self, key: str, kind: type[Member], default: Any = REQUIRED) -> Member:
        """Return a member of a closed set."""
        value = self.text(key, default)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            raise self.wrong(key, f"{value!r} is none of {known}") from None

    def mapping(self, key: str, default: Any = REQUIRED) -> Any:
        """Return an object as a plain dictionary."""
        return self._checked(key, default, dict, "an object")

    def child(self, key: str, default: Any = REQUIRED) -> "Fields":
        """Return an object as fields of their own."""
        return Fields(values=self.mapping(key, default), place=f"{self.place}.{key}")

    def entries(self) -> Iterator[tuple[str, "Fields"]]:
        """Yield every key with the object under it."""
        for name, value in self.values.items():
            yield name, as_fields(value, f"{self.place}.{name}")

    def items(
        self, key: str, read: Callable[["Fields"], Item], default: Any = REQUIRED
    ) -> tuple[Item, ...]:
        """Return a list of objects, each read by a function."""
        values = self._checked(key, default, list, "a list")
        places = (f"{self.place}.{key}[{index}]" for index in range(len(values)))
        return tuple(read(as_fields(*pair)) for pair in zip(values, places, strict=True))

    def texts(self, key: str, default: Any = REQUIRED) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self._checked(key, default, list, "a list")
        if any(not isinstance(value, str) for value in values):
            raise self.wrong(key, "not every entry is text")
        return tuple(values)

    def wrong(self, key: str, what: str) -> ReportFormatError:
        """Return the error for one key."""
        return report_error(f"{self.place}.{key}: {what}")

    def _checked(self, key: str, default: Any, kind: Any, expected: str) -> Any:
        if key not in self.values:
            if default is REQUIRED:
                raise self.wrong(key, "missing")
            return default
        value = self.values[key]
        if value is None and default is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(key, f"{type(value).__name__} instead of {expected}")
        return value


def as_fields(value: Any, place: str) -> Fields:
    """Return fields over a parsed JSON object; anything else is an error."""
    if not isinstance(value, dict):
        raise report_error(f"{place}: {type(value).__name__} instead of an object")
    return Fields(values=value, place=place)


def report_error(fact: str) -> ReportFormatError:
    """Return the one error of a report that cannot be read."""
    return ReportFormatError(
        f"not a readable evaluation report ({fact})",
        "its results cannot be used",
        "Give a JSON file that `--eval-report` wrote, or run the evaluation again.",
    )


def plain(value: Any, depth: int = 0) -> Any:
    """Return a JSON value free of what JSON has no word for.

    Numbers that are not finite become their names as text, tuples lists, and what lies deeper than
    `MAX_DEPTH` levels or is no JSON value at all becomes a note or its text.
    """
    match value:
        case Mapping() | list() | tuple() if depth >= MAX_DEPTH:
            return "(nested too deep)"
        case Mapping():
            return {str(key): plain(inner, depth + 1) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner, depth + 1) for inner in value]
        case float() if not math.isfinite(value):
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def finite(value: float | None) -> float | None:
    """Return the number, or None for one that JSON cannot hold."""
    return value if value is not None and math.isfinite(value) else None
