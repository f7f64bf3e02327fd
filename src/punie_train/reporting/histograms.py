"""A histogram of whole numbers as a small SVG without script and without a style attribute."""

from collections import Counter
from dataclasses import dataclass

from punie_train.dataset.stats import Spread
from punie_train.reporting.numbers import count, plural

WIDTH, HEIGHT = 420, 180
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 36
MOST_BARS = 30
TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """Numbers from `low` to `high`, both among them, and how many there are."""

    low: int
    high: int
    rows: int


def bars(spread: Spread) -> list[Bar]:
    """Return at most `MOST_BARS` bars of one width, a round number, from the least number on."""
    numbers = spread.numbers
    if not numbers:
        return []
    low, high = min(numbers), max(numbers)
    step = _round_step((high - low + 1) / MOST_BARS)
    first = low // step
    found = Counter[int]()
    for number, times in numbers.items():
        found[number // step] += times
    return [
        Bar(place * step, place * step + step - 1, found[place])
        for place in range(first, high // step + 1)
    ]


def histogram(spread: Spread, *, unit: str) -> str:
    """Return an SVG with the numbers along the bottom and rows upwards; "" without numbers.

    Each bar says what it stands for when pointed at; `unit` is the plural noun of the numbers.
    """
    found = bars(spread)
    if not found:
        return ""
    most = max(bar.rows for bar in found)
    inner, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    wide = inner / len(found)
    base = HEIGHT - BOTTOM
    opening = (
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Rows by {unit}" font-family="system-ui, sans-serif" font-size="11">'
    )
    parts = [opening]
    for mark in sorted({0, most // 2, most} if most > 1 else {0, most}):
        y = base - tall * mark / most
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="#dce0e6"/><text class="label" x="{LEFT - 6}" y="{y + 4:.1f}" '
            f'text-anchor="end" fill="#5b6876">{count(mark)}</text>'
        )
    for place, bar in enumerate(found):
        size = tall * bar.rows / most
        if bar.rows:
            parts.append(
                f'<rect class="fill" x="{LEFT + wide * place + 0.5:.1f}" y="{base - size:.1f}" '
                f'width="{max(wide - 1, 0.5):.1f}" height="{max(size, 1):.1f}" fill="#4c9a6a">'
                f"<title>{_range(bar)} {unit}: {plural(bar.rows, 'row')}</title></rect>"
            )
    every = -(-len(found) // TICKS)
    parts += [
        f'<text class="label" x="{LEFT + wide * (place + 0.5):.1f}" y="{base + 15}" '
        f'text-anchor="middle" fill="#5b6876">{count(found[place].low)}</text>'
        for place in range(0, len(found), every)
    ]
    parts.append(
        f'<text class="label" x="{LEFT + inner / 2:.1f}" y="{HEIGHT - 5}" text-anchor="middle" '
        f'fill="#5b6876">{unit}</text></svg>'
    )
    return "".join(parts)


def _range(bar: Bar) -> str:
    return count(bar.low) if bar.low == bar.high else f"{count(bar.low)} to {count(bar.high)}"


def _round_step(least: float) -> int:
    step = 1
    while step < least:
        digits = 10 ** (len(str(step)) - 1)
        step += {1: 1, 2: 3, 5: 5}[step // digits] * digits
    return step
