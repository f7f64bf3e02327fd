"""Shares of a whole as horizontal bars in SVG."""

from collections.abc import Mapping

from punie_train.reporting import numbers
from punie_train.reporting.safe_text import html_line, shorten

WIDTH, ROW, LEFT, RIGHT = 720, 26, 190, 70
_FONT = 'font-family="system-ui, sans-serif" font-size="12"'


def share_bars_svg(shares: Mapping[str, float], *, title: str) -> str:
    """Return the SVG: a bar for each share (0.0 to 1.0), in the order given."""
    height = ROW * len(shares) + 8
    room = WIDTH - LEFT - RIGHT
    parts = [
        (
            f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
            f'aria-label="{html_line(title)}">'
        )
    ]
    for place, (name, share) in enumerate(shares.items()):
        top = 4 + ROW * place
        width = room * min(max(share, 0.0), 1.0)
        parts.append(
            f'<text x="{LEFT - 10}" y="{top + 17}" text-anchor="end" {_FONT} '
            f'fill="currentColor">{html_line(shorten(name, 26))}</text>'
            f'<rect x="{LEFT}" y="{top + 4}" width="{width:.1f}" height="{ROW - 8}" '
            f'fill="#2563eb"/><text x="{LEFT + width + 8:.1f}" y="{top + 17}" {_FONT} '
            f'fill="currentColor">{numbers.percent(share)}</text>'
        )
    return "".join([*parts, "</svg>"])
