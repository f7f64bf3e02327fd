"""A loss curve as SVG and as lines of text."""

import itertools
import math
from collections.abc import Sequence
from html import escape

from punie_train.core.loss_curve import LossCurve, LossPoint

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 48
_COLOURS = {"train": "#2563eb", "valid": "#c2410c"}
_BLOCKS = "▁▂▃▄▅▆▇█"


def loss_svg(curve: LossCurve, *, title: str) -> str:
    """Return one self-contained SVG: loss over iterations, training thin, validation with dots."""
    points = (*curve.train, *curve.valid)
    last = max(point.iteration for point in points) or 1
    marks = ticks(min(point.loss for point in points), max(point.loss for point in points))
    low, high = marks[0], marks[-1]

    def x(iteration: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * iteration / last

    def y(loss: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - loss) / (high - low)

    def line(series: Sequence[LossPoint]) -> str:
        return " ".join(f"{x(point.iteration):.1f},{y(point.loss):.1f}" for point in series)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="system-ui, sans-serif" font-size="12" fill="#1f2937">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="600">{escape(title)}</text>',
    ]
    parts += [
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" '
        'stroke="#e5e7eb"/>'
        f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        for tick in marks
    ]
    parts += [
        f'<text x="{x(tick):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:g}</text>'
        for tick in ticks(0, last)
        if tick <= last
    ]
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts += [
        (
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">'
            "iteration</text>"
        ),
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">loss</text>',
        (
            f'<polyline points="{line(curve.train)}" fill="none" stroke="{_COLOURS["train"]}" '
            'stroke-width="1.5"/>'
        ),
    ]
    if curve.valid:
        parts.append(
            f'<polyline points="{line(curve.valid)}" fill="none" stroke="{_COLOURS["valid"]}" '
            'stroke-width="2"/>'
        )
        parts += [
            f'<circle cx="{x(point.iteration):.1f}" cy="{y(point.loss):.1f}" r="3" '
            f'fill="{_COLOURS["valid"]}"><title>iteration {point.iteration}: {point.loss:.3f}'
            "</title></circle>"
            for point in curve.valid
        ]
    return "\n".join([*parts, *_legend(curve), "</svg>", ""])


def loss_lines(curve: LossCurve, *, width: int = 60) -> list[str]:
    """Return a line of blocks for each series with its first, lowest and last loss."""
    series = {"train": curve.train, "valid": curve.valid}
    return [
        f"{name} loss  {_blocks([point.loss for point in points], width)}  "
        f"{points[0].loss:.3f} -> {points[-1].loss:.3f}, "
        f"lowest {min(point.loss for point in points):.3f}"
        for name, points in series.items()
        if points
    ]


def _legend(curve: LossCurve) -> list[str]:
    names = {"train": "training", **({"valid": "validation"} if curve.valid else {})}
    return [
        f'<rect x="{WIDTH - 110}" y="{TOP + 4 + 18 * row}" width="12" height="12" '
        f'fill="{_COLOURS[name]}"/>'
        f'<text x="{WIDTH - 92}" y="{TOP + 14 + 18 * row}">{label}</text>'
        for row, (name, label) in enumerate(names.items())
    ]


def ticks(low: float, high: float, *, about: int = 5) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`, at least two."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(power * unit for unit in (1, 2, 2.5, 5, 10) if power * unit * about >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]


def _blocks(losses: Sequence[float], width: int) -> str:
    """Return at most `width` blocks; each stands for the mean of its share of the losses."""
    columns = min(width, len(losses))
    edges = [round(column * len(losses) / columns) for column in range(columns + 1)]
    means = [sum(losses[start:end]) / (end - start) for start, end in itertools.pairwise(edges)]
    low, high = min(means), max(means)
    scale = (len(_BLOCKS) - 1) / (high - low) if high > low else 0.0
    return "".join(_BLOCKS[round((mean - low) * scale)] for mean in means)
