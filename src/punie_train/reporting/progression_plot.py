"""Scores over runs as an SVG: one line a series, each point with its interval."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from punie_train.evals.report import Interval
from punie_train.reporting import numbers
from punie_train.reporting.safe_text import html_line, shorten

WIDTH, HEIGHT = 860, 360
LEFT, RIGHT, TOP, BOTTOM = 84, 210, 16, 56
COLOURS = (
    *("#2563eb", "#c2410c", "#15803d", "#7c3aed", "#be185d", "#0e7490", "#a16207", "#475569"),
    *("#ef4444", "#22c55e", "#38bdf8", "#f59e0b"),
)
DODGE = 3.5
"""Pixels between the points of two series at one place, so that no interval hides another."""

MOST_LABELS = 16
_FONT = 'font-family="system-ui, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePoint:
    """A score, 0.0 to 1.0, at a place on the axis (from 0), with its interval if it has one."""

    place: int
    score: float
    interval: Interval | None = None


def progression_plot(
    series: Mapping[str, Sequence[ScorePoint]], labels: Sequence[str], *, title: str
) -> str:
    """Return the SVG, empty without a point; `labels` name the places on the axis.

    Colours are attributes, so that no policy of a page bars them.
    """
    drawn = {name: points for name, points in series.items() if points}
    if not drawn:
        return ""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(labels) - 1)

    def x(place: float) -> float:
        return LEFT + (step * place if len(labels) > 1 else (WIDTH - LEFT - RIGHT) / 2)

    def y(score: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - score)

    head = (
        f'<svg class="progression" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label="{html_line(title)}">'
    )
    parts = [
        f'<line x1="{LEFT - 22}" x2="{WIDTH - RIGHT + 22}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
        f'stroke="#c9d0d8" stroke-width="0.6"/><text x="{LEFT - 28}" y="{y(tick) + 4:.1f}" '
        f'text-anchor="end" {_FONT} fill="currentColor">{tick * 100:.0f} %</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    every = math.ceil(len(labels) / MOST_LABELS)
    parts += [
        f'<text x="{x(place):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="end" {_FONT} '
        f'fill="currentColor" transform="rotate(-28 {x(place):.1f} {HEIGHT - BOTTOM + 20})">'
        f"{html_line(shorten(label, 16))}</text>"
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    for index, (name, points) in enumerate(drawn.items()):
        colour = COLOURS[index % len(COLOURS)]
        aside = DODGE * (index - (len(drawn) - 1) / 2)
        path = " ".join(f"{x(point.place) + aside:.1f},{y(point.score):.1f}" for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for point in points:
            parts.append(_point(x(point.place) + aside, y, point, name, colour))
        top = TOP + 10 + 18 * index
        parts.append(
            f'<rect x="{WIDTH - RIGHT + 36}" y="{top - 10}" width="12" height="12" '
            f'fill="{colour}"/><text x="{WIDTH - RIGHT + 54}" y="{top}" {_FONT} '
            f'fill="currentColor">{html_line(shorten(name, 20))}</text>'
        )
    return "".join((head, *parts, "</svg>"))


def _point(
    left: float, y: Callable[[float], float], point: ScorePoint, name: str, colour: str
) -> str:
    hint = f"{html_line(name)}: {numbers.percent(point.score)}, {numbers.interval(point.interval)}"
    whisker = ""
    if point.interval is not None:
        low, high = y(point.interval.low), y(point.interval.high)
        whisker = (
            f'<line x1="{left:.1f}" x2="{left:.1f}" y1="{low:.1f}" y2="{high:.1f}" '
            f'stroke="{colour}" stroke-width="1.2" opacity="0.55"/>'
        )
    return (
        f'<g><title>{hint}</title>{whisker}<circle cx="{left:.1f}" cy="{y(point.score):.1f}" '
        f'r="3.5" fill="{colour}"/></g>'
    )
