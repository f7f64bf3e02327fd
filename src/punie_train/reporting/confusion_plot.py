"""The confusion matrix of one adapter as an SVG: rows are what is right, columns what came."""

from collections.abc import Mapping

from punie_train.evals.confusion import MALFORMED, NONE, Confusion
from punie_train.reporting import numbers
from punie_train.reporting.safe_text import html_line, shorten

CELL = 36
"""Width and height of a cell in pixels."""

LABEL = 190
"""Room for the names of the rows, and above the columns for theirs."""

MOST_OTHERS = 3
"""So many tools that no row asks for get a column; the rest share one."""

OTHER = "other tools"
_CHARACTERS = 24
_GOOD, _BAD, _EMPTY = (46, 125, 84), (186, 60, 60), "#f1f3f6"
_TEXT = 'font-family="sans-serif" font-size="12"'


def confusion_plot(matrix: Confusion) -> str:
    """Return the SVG, empty for an empty matrix; colours are attributes, so no policy bars them.

    A cell's shade is its share of its row: green where the call is right, red where it is not.
    """
    if not matrix:
        return ""
    columns = _columns(matrix)
    width = LABEL + CELL * len(columns) + 100
    height = LABEL // 2 + 24 + CELL * len(matrix)
    parts = [
        f'<text x="{LABEL + CELL * index + CELL // 2}" y="{LABEL // 2 + 12}" {_TEXT} '
        f'fill="currentColor" transform="rotate(-38 {LABEL + CELL * index + CELL // 2} '
        f'{LABEL // 2 + 12})">{_name(column)}</text>'
        for index, column in enumerate(columns)
    ]
    for line, (wanted, row) in enumerate(matrix.items()):
        top = LABEL // 2 + 20 + CELL * line
        parts.append(
            f'<text x="{LABEL - 8}" y="{top + 23}" text-anchor="end" {_TEXT} fill="currentColor">'
            f"{_name(wanted)}</text>"
        )
        counts = _grouped(row, columns)
        total = sum(counts.values())
        parts += [
            _cell((LABEL + CELL * index, top), wanted, column, counts[column], total)
            for index, column in enumerate(columns)
        ]
    return (
        f'<svg class="confusion" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="confusion matrix: rows the right tool, columns the called one">'
        f"{''.join(parts)}</svg>"
    )


def _columns(matrix: Confusion) -> list[str]:
    asked = [name for name in matrix if name != NONE]
    came = dict.fromkeys(called for row in matrix.values() for called in row)
    others = [name for name in came if name not in asked and name not in (NONE, MALFORMED)]
    shown = [*asked, *others[:MOST_OTHERS]]
    return [*shown, *([OTHER] if others[MOST_OTHERS:] else []), NONE, MALFORMED]


def _grouped(row: Mapping[str, int], columns: list[str]) -> dict[str, int]:
    counts = dict.fromkeys(columns, 0)
    for called, count in row.items():
        counts[called if called in counts else OTHER] += count
    return counts


def _cell(place: tuple[int, int], wanted: str, called: str, count: int, total: int) -> str:
    left, top = place
    share = count / total if total else 0.0
    tone = _GOOD if wanted == called else _BAD
    fill = _EMPTY
    if count:
        weight = 0.25 + 0.75 * share
        fill = "#" + "".join(f"{round(255 - (255 - part) * weight):02x}" for part in tone)
    ink = "#ffffff" if count and share > 0.5 else "#1c2733"
    text = (
        f'<text x="{left + CELL // 2 - 1}" y="{top + 22}" text-anchor="middle" {_TEXT} '
        f'fill="{ink}">{numbers.count(count)}</text>'
        if count
        else ""
    )
    hint = f"{html_line(wanted)} was right, {html_line(called)} came: {numbers.count(count)}"
    return (
        f'<g><title>{hint}</title><rect x="{left}" y="{top}" width="{CELL - 2}" '
        f'height="{CELL - 2}" rx="2" fill="{fill}"/>{text}</g>'
    )


def _name(name: str) -> str:
    return html_line(shorten(name, _CHARACTERS))
