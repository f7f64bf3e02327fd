"""Rows of too few messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.operations import KEPT, Kept, Removed
from punie_train.dataset.rows import Row


@dataclass(frozen=True, slots=True)
class MinMessages:
    """Keeps rows of at least `least` messages; every message counts, whoever speaks."""

    least: int
    name: str = "min-messages"
    only_read: bool = True

    def __post_init__(self) -> None:
        if self.least < 1:
            raise UsageError(
                f"--min-messages {self.least} is below 1",
                "every row would stay",
                "Give the smallest number of messages that a row may have.",
            )

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the bound."""
        return {"min_messages": self.least}

    def keeps(self, messages: int) -> bool:
        """Count."""
        return messages >= self.least

    def judge(self, row: Row) -> Kept | Removed:
        """Count the messages of one row."""
        number = row.message_count
        if number >= self.least:
            return KEPT
        return Removed(f"{number} message{'s' * (number != 1)}, fewer than {self.least}")
