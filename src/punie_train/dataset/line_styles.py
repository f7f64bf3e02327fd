"""How a line of JSON is written, so that a changed row is written as its neighbours are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LineStyle:
    """Escapes and separators of a line of JSON."""

    ascii_only: bool
    spaced: bool

    def write(self, value: Mapping[str, Any]) -> bytes:
        """Return one line without its line feed; raises ValueError for what no JSON can hold."""
        separators = (", ", ": ") if self.spaced else (",", ":")
        text = json.dumps(
            value, ensure_ascii=self.ascii_only, separators=separators, allow_nan=False
        )
        return text.encode()


COMPACT = LineStyle(ascii_only=False, spaced=False)
_KNOWN = tuple(
    LineStyle(ascii_only, spaced) for spaced in (True, False) for ascii_only in (True, False)
)


def line_style(raw: bytes, value: Mapping[str, Any]) -> LineStyle:
    """Return the style in which `value` gives exactly `raw`; `COMPACT` if there is none.

    A changed row that is changed back then has every byte it had before.
    """
    stripped = raw.strip()
    for style in _KNOWN:
        if style.write(value) == stripped:
            return style
    return COMPACT
