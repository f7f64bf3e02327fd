"""Rows that break no rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from punie_train.dataset.operations import KEPT, Kept, Removed
from punie_train.dataset.row_rules import row_faults
from punie_train.dataset.rows import Row
from punie_train.dataset.rules import Severity
from punie_train.dataset.sound_rows import surely_sound


@dataclass(frozen=True, slots=True)
class ValidRows:
    """Keeps rows in which `dataset validate` finds no error; warnings are no reason to go."""

    name: str = "valid"
    only_read: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    def keeps(self, messages: int) -> bool:  # noqa: ARG002
        """Keep what breaks no rule."""
        return True

    def judge(self, row: Row) -> Kept | Removed:
        """Ask all rules of one row."""
        if surely_sound(row):
            return KEPT
        for fault in row_faults(row):
            if fault.rule.severity is Severity.ERROR:
                return Removed(f"{fault.rule.code}: {fault.fact}")
        return KEPT
