"""Rows in another language, and rows of poor quality, as operations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.language import foreign_reason, languages
from punie_train.dataset.operations import KEPT, Kept, Removed
from punie_train.dataset.quality import quality_reason
from punie_train.dataset.rows import Row

CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class LanguageFilter:
    """Keeps rows in one language, given by its ISO 639-1 code, and rows of code alone."""

    language: str
    name: str = "language"

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.language) or self.language not in languages():
            raise UsageError(
                f"--language {self.language[:20]!r} is no code of a language that can be detected",
                "every row would be foreign",
                "Give the two letters of ISO 639-1, such as en.",
            )

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the language."""
        return {"language": self.language}

    def judge(self, row: Row) -> Kept | Removed:
        """Detect the language of what is said."""
        reason = foreign_reason(row.value, self.language)
        return KEPT if reason is None else Removed(reason)


@dataclass(frozen=True, slots=True)
class QualityFilter:
    """Keeps rows that break no rule of quality."""

    name: str = "quality"
    settings: Mapping[str, Any] = field(default_factory=dict)

    def judge(self, row: Row) -> Kept | Removed:
        """Ask all rules of one row."""
        reason = quality_reason(row.value)
        return KEPT if reason is None else Removed(reason)
