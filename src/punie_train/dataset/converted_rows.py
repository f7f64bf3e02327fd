"""An operation that converts rows; what cannot be converted without a loss is removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from punie_train.dataset.call_rows import to_code_mode, to_format_a
from punie_train.dataset.chatml_rows import to_messages, to_text
from punie_train.dataset.conversions import Conversion, NotConvertedError
from punie_train.dataset.line_styles import line_style
from punie_train.dataset.operations import KEPT, Changed, Kept, Removed
from punie_train.dataset.rows import Row


class RowFormat(StrEnum):
    """What rows can be converted to."""

    MESSAGES = "messages"
    TEXT = "text"
    FORMAT_A = "format-a"
    CODE_MODE = "code-mode"


_CONVERSIONS: Mapping[RowFormat, Conversion] = {
    RowFormat.MESSAGES: to_messages,
    RowFormat.TEXT: to_text,
    RowFormat.FORMAT_A: to_format_a,
    RowFormat.CODE_MODE: to_code_mode,
}


@dataclass(frozen=True, slots=True)
class ConvertedRows:
    """Rows in the format asked for; those that have it already stay byte for byte."""

    target: RowFormat
    name: str = field(default="convert", init=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the format."""
        return {"to": str(self.target)}

    def judge(self, row: Row) -> Kept | Changed | Removed:
        """Convert one row."""
        value = row.value
        try:
            new = _CONVERSIONS[self.target](value)
            if new is value or new == value:
                return KEPT
            return Changed(line_style(row.raw, value).write(new))
        except NotConvertedError as error:
            return Removed(str(error))
        except (ValueError, RecursionError):
            return Removed("a value that JSON cannot hold")
