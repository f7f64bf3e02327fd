"""Rows of short texts as aligned lines of plain text."""

from collections.abc import Sequence

from punie_train.reporting.safe_text import shorten

GAP = "  "


def aligned(rows: Sequence[Sequence[str]], *, width: int) -> list[str]:
    """Return one line a row: the first column left-aligned and shortened to fit, others right.

    Cells must be free of control characters, except those of the first column, which is escaped.
    When the other columns leave less than 8 characters, the first one gets 8 all the same.
    """
    if not rows:
        return []
    others = [max(map(len, column)) for column in list(zip(*rows, strict=True))[1:]]
    room = max(8, width - sum(size + len(GAP) for size in others))
    firsts = [_indented(row[0], room) for row in rows]
    room = max(map(len, firsts))
    return [
        GAP.join([first.ljust(room), *map(str.rjust, row[1:], others)]).rstrip()
        for first, row in zip(firsts, rows, strict=True)
    ]


def wrapped(text: str, *, width: int, indent: str = "  ") -> list[str]:
    """Return a text on lines of at most `width`, all but the first indented; words may be cut."""
    lines, rest, lead = [], text, ""
    while len(lead) + len(rest) > width:
        limit = max(1, width - len(lead))
        cut = rest.rfind(" ", 1, limit + 1)
        cut = limit if cut < 1 else cut
        lines.append(lead + rest[:cut].rstrip())
        rest, lead = rest[cut:].lstrip(), indent
    return [*lines, lead + rest]


def _indented(name: str, room: int) -> str:
    stripped = name.lstrip(" ")
    lead = " " * (len(name) - len(stripped))
    return lead + shorten(stripped, room - len(lead))
