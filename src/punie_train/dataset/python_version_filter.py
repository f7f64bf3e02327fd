"""Rows whose Python runs on a version or a later one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.dataset.python_constructs import Construct, Idiom, Version
from punie_train.dataset.python_in_rows import PythonText, python_in
from punie_train.dataset.python_version import PythonVersion, Unsettled, python_version


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonJudgement:
    """Why a row goes, None if it stays; and how many pieces of its Python stay unjudged.

    `newer` pieces need a version that the running interpreter is not, `unparsed` ones are stated
    to be Python and are none that any version compiles.
    """

    reason: str | None = None
    newer: int = 0
    unparsed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonVersionFilter:
    """Keeps rows whose Python runs on `minimum` or a later version.

    Python 2 goes, and so does what no version from `minimum` on compiles. With `modern` and a
    minimum above 3.0, so does old style that a version up to `minimum` replaced. Code that needs a
    newer version than `minimum`, or that does not parse, stays.
    """

    minimum: Version = (3, 0)
    modern: bool = False

    def judge_row(self, row: Mapping[str, Any]) -> PythonJudgement:
        """Judge all the Python of a parsed row."""
        return self.judge(python_in(row))

    def judge(self, texts: Iterable[PythonText | str]) -> PythonJudgement:
        """Judge pieces of Python; the first that must go gives the reason."""
        newer = unparsed = 0
        for text in texts:
            code, stated = (text, True) if isinstance(text, str) else (text.code, text.stated)
            answer = python_version(code)
            if reason := self._reason(answer):
                return PythonJudgement(reason=reason)
            newer += answer.reason is Unsettled.NEWER
            unparsed += stated and answer.reason is Unsettled.BROKEN
        return PythonJudgement(newer=newer, unparsed=unparsed)

    def _reason(self, answer: PythonVersion) -> str | None:
        if self.minimum < (3, 0) or answer.reason is Unsettled.BROKEN:
            return None
        if answer.reason is Unsettled.PYTHON_TWO:
            return _said("Python 2", (each for each in answer.constructs if each.until < (3, 0)))
        if answer.maximum and answer.maximum < self.minimum:
            old = (each for each in answer.constructs if each.until < self.minimum)
            return _said(f"last compiles on {_dotted(answer.maximum)}", old)
        if two := [each for each in answer.idioms if not each.runs]:
            return _said("runs on Python 2 only", two)
        if self.modern and self.minimum > (3, 0):
            old = [each for each in answer.idioms if each.replaced <= self.minimum]
            return _said(f"style older than {_dotted(self.minimum)}", old) if old else None
        return None


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _said(fact: str, found: Iterable[Construct | Idiom]) -> str:
    first = next(iter(found), None)
    return f"{fact}: {first.name} in line {first.line}" if first else fact
