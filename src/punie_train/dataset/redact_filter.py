"""Secrets and generator's marks taken out of rows, as operations."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from punie_train.dataset.json_lines import to_line
from punie_train.dataset.operations import KEPT, Changed, Kept
from punie_train.dataset.redaction import Redaction, redact_row
from punie_train.dataset.rows import Row

SHOWN = 3


class Redacted(StrEnum):
    """What is taken out."""

    SECRETS = "secrets"
    MARKERS = "markers"


@dataclass(frozen=True, slots=True)
class RedactRows:
    """Takes secrets, or marks, out of every row; what it tells are kinds and places, no text."""

    what: Redacted
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return what is taken out."""
        return str(self.what)

    def judge(self, row: Row) -> Kept | Changed:
        """Redact one row; the bytes of a row without anything to redact stay as they are."""
        done = redact_row(
            row.value,
            secrets=self.what is Redacted.SECRETS,
            markers=self.what is Redacted.MARKERS,
        )
        if not done.redactions:
            return KEPT
        raw = to_line(done.row)
        kinds = Counter(one.kind for one in done.redactions)
        return Changed(raw, ", ".join(sorted(kinds)), _places(done.redactions))


def _places(redactions: tuple[Redaction, ...]) -> str:
    shown = [f"{one.kind} in {one.place}" for one in redactions[:SHOWN]]
    more = len(redactions) - len(shown)
    return "; ".join(shown) + (f"; {more} more" if more else "")
