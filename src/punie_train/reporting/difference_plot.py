"""Differences with their intervals as horizontal lines in SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from punie_train.evals.statistics.intervals import Interval
from punie_train.reporting import numbers
from punie_train.reporting.loss_plot import ticks
from punie_train.reporting.safe_text import html_line, shorten

WIDTH, ROW, LEFT, RIGHT, BOTTOM = 860, 24, 300, 120, 40
_FONT = 'font-family="system-ui, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """A difference and its interval, each -1.0 to 1.0."""

    name: str
    difference: float
    interval: Interval


def difference_plot(rows: Sequence[DifferenceRow], *, title: str) -> str:
    """Return the SVG: a dot and a line for each row around the line of no difference."""
    if not rows:
        return ""
    ends = [end for row in rows for end in (row.interval.low, row.interval.high)]
    marks = ticks(min(0.0, *ends) * 100, max(0.0, *ends) * 100)
    low, high = marks[0] / 100, marks[-1] / 100
    height = ROW * len(rows) + BOTTOM
    floor = height - BOTTOM + 4

    def x(difference: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (difference - low) / (high - low)

    parts = [
        (
            f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="{html_line(title)}">'
        )
    ]
    for mark in marks:
        place, stroke = x(mark / 100), ("#5b6876" if mark == 0 else "#c9d0d8")
        parts.append(
            f'<line x1="{place:.1f}" x2="{place:.1f}" y1="0" y2="{floor}" stroke="{stroke}" '
            f'stroke-width="{1.2 if mark == 0 else 0.6}"/>'
            f'<text x="{place:.1f}" y="{floor + 16}" text-anchor="middle" {_FONT} '
            f'fill="currentColor">{f"{mark:+g}" if mark else "0"}</text>'
        )
    for number, row in enumerate(rows):
        y = ROW * number + ROW / 2
        colour = _colour(row.interval)
        parts.append(
            f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end" {_FONT} '
            f'fill="currentColor">{html_line(shorten(row.name, 44))}</text>'
            f'<line x1="{x(row.interval.low):.1f}" x2="{x(row.interval.high):.1f}" y1="{y:.1f}" '
            f'y2="{y:.1f}" stroke="{colour}" stroke-width="2"/>'
            f'<circle cx="{x(row.difference):.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
            f'<text x="{WIDTH - RIGHT + 16}" y="{y + 4:.1f}" {_FONT} fill="currentColor">'
            f"{html_line(numbers.points(row.difference))}</text>"
        )
    return "".join([*parts, "</svg>"])


def _colour(interval: Interval) -> str:
    if interval.low > 0:
        return "#15803d"
    return "#b91c1c" if interval.high < 0 else "#64748b"
