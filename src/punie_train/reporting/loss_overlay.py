"""Validation losses of several runs in one SVG."""

from collections.abc import Mapping

from punie_train.core.loss_curve import LossCurve
from punie_train.reporting.loss_plot import ticks
from punie_train.reporting.progression_plot import COLOURS
from punie_train.reporting.safe_text import html_line, shorten

WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 16, 44
_FONT = 'font-family="system-ui, sans-serif" font-size="12"'


def loss_overlay_svg(curves: Mapping[str, LossCurve], *, title: str) -> str:
    """Return the SVG: validation loss over iterations, a line for each run that has any."""
    drawn = {name: curve.valid for name, curve in curves.items() if curve.valid}
    points = [point for series in drawn.values() for point in series]
    if not points:
        return ""
    last = max(point.iteration for point in points) or 1
    marks = ticks(min(point.loss for point in points), max(point.loss for point in points))
    low, high = marks[0], marks[-1]

    def x(iteration: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * iteration / last

    def y(loss: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low)

    parts = [
        (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="{html_line(title)}">'
        )
    ]
    parts += [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" '
        f'stroke="#c9d0d8" stroke-width="0.6"/><text x="{LEFT - 8}" y="{y(mark) + 4:.1f}" '
        f'text-anchor="end" {_FONT} fill="currentColor">{mark:g}</text>'
        for mark in marks
    ]
    parts += [
        f'<text x="{x(mark):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" {_FONT} '
        f'fill="currentColor">{mark:g}</text>'
        for mark in ticks(0, last)
        if mark <= last
    ]
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" {_FONT} '
        'fill="currentColor">iteration</text>'
    )
    for index, (name, series) in enumerate(drawn.items()):
        colour = COLOURS[index % len(COLOURS)]
        line = " ".join(f"{x(point.iteration):.1f},{y(point.loss):.1f}" for point in series)
        parts.append(
            f"<g><title>{html_line(name)}</title>"
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.8"/></g>'
        )
        top = TOP + 10 + 18 * index
        parts.append(
            f'<rect x="{WIDTH - RIGHT + 24}" y="{top - 10}" width="12" height="12" '
            f'fill="{colour}"/><text x="{WIDTH - RIGHT + 42}" y="{top}" {_FONT} '
            f'fill="currentColor">{html_line(shorten(name, 18))}</text>'
        )
    return "".join([*parts, "</svg>"])
