"""Rows whose Python runs on a version or a later one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.operations import KEPT, Kept, Removed
from punie_train.dataset.python_constructs import NEWEST, Construct, Idiom, Version
from punie_train.dataset.python_in_rows import python_in
from punie_train.dataset.python_in_text import PythonText
from punie_train.dataset.python_newer_rewrites import RUNNING
from punie_train.dataset.python_version import PythonVersion, Unsettled, python_version
from punie_train.dataset.rows import Row

_OLDEST: Version = (3, 0)


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
    """Keeps rows whose Python runs on `minimum` (3.0 or later) or on a later version.

    Python 2 goes, and so does what no version from `minimum` on compiles. With `modern` and a
    minimum above 3.0, so does old style that a version up to `minimum` replaced. Code that needs a
    newer version than the running one, or that does not parse, stays, with a note.
    """

    minimum: Version = _OLDEST
    modern: bool = False
    name: str = "min-python"

    def __post_init__(self) -> None:
        if self.minimum < _OLDEST:
            raise UsageError(
                f"--min-python {_dotted(self.minimum)} is below 3",
                "every row would stay",
                "Give 3 or a version such as 3.10.",
            )
        if self.minimum > NEWEST:
            raise UsageError(
                f"--min-python {_dotted(self.minimum)} is above {_dotted(NEWEST)}",
                "nothing is known of what that version dropped",
                f"Give a version up to {_dotted(NEWEST)}.",
            )

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the version and whether old style goes too."""
        return {"min_python": _dotted(self.minimum), "modern": self.modern}

    def judge(self, row: Row) -> Kept | Removed:
        """Judge all the Python of one row."""
        judgement = self.judge_python(python_in(row.value))
        if judgement.reason:
            return Removed(judgement.reason)
        newer = f"needs a newer Python than {_dotted(RUNNING)}" if judgement.newer else ""
        unparsed = "Python that does not parse" if judgement.unparsed else ""
        if newer or unparsed:
            return Kept(" and ".join(filter(None, (newer, unparsed))))
        return KEPT

    def judge_python(self, texts: Iterable[PythonText]) -> PythonJudgement:
        """Judge pieces of Python; the first that must go gives the reason."""
        newer = unparsed = 0
        for text in texts:
            answer = python_version(text.code)
            if reason := self._reason(answer):
                return PythonJudgement(reason=reason)
            newer += answer.reason is Unsettled.NEWER
            unparsed += text.stated and answer.reason is Unsettled.BROKEN
        return PythonJudgement(newer=newer, unparsed=unparsed)

    def _reason(self, answer: PythonVersion) -> str | None:
        if answer.reason is Unsettled.BROKEN:
            return None
        if answer.reason is Unsettled.PYTHON_TWO:
            return _said("Python 2", (each for each in answer.constructs if each.until < _OLDEST))
        if answer.maximum and answer.maximum < self.minimum:
            old = (each for each in answer.constructs if each.until < self.minimum)
            return _said(f"last compiles on {_dotted(answer.maximum)}", old)
        if two := [each for each in answer.idioms if not each.runs]:
            return _said("runs on Python 2 only", two)
        if self.modern and self.minimum > _OLDEST:
            old = [each for each in answer.idioms if each.replaced <= self.minimum]
            return _said(f"style older than {_dotted(self.minimum)}", old) if old else None
        return None


def read_version(text: str) -> Version:
    """Return the version that `3` or `3.10` names; raises UsageError for anything else."""
    found = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,3}))?", text)
    if not found:
        raise UsageError(
            f"--min-python {text} is no version of Python",
            "it is not known which code may stay",
            "Give 3 or a version such as 3.10.",
        )
    return int(found[1]), int(found[2] or 0)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _said(fact: str, found: Iterable[Construct | Idiom]) -> str:
    first = next(iter(found), None)
    return f"{fact}: {first.name} in line {first.line}" if first else fact
