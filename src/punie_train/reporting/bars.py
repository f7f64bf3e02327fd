"""A score and its interval as a small SVG: no style attribute, so that no policy forbids it."""

from punie_train.evals.report import Tally
from punie_train.reporting import numbers


def bar(tally: Tally) -> str:
    """Return an SVG of the score with its interval drawn across; empty track without a score.

    Colours are presentation attributes, which a page's own style sheet overrides by class.
    """
    label = f"{numbers.percent(tally.score)}, interval {numbers.interval(tally.interval)}"
    parts = ['<rect class="track" width="100" height="10" rx="1" fill="#e3e6ea"/>']
    if tally.score is not None:
        parts.append(
            f'<rect class="fill" width="{tally.score * 100:.1f}" height="10" rx="1" '
            'fill="#4c9a6a"/>'
        )
    if (bounds := tally.interval) is not None:
        size = max(bounds.high - bounds.low, 0.004) * 100
        parts.append(
            f'<rect class="range" x="{bounds.low * 100:.1f}" y="4" width="{size:.1f}" '
            'height="2" fill="#1c2733"/>'
        )
    return (
        f'<svg class="bar" viewBox="0 0 100 10" width="120" height="10" role="img" '
        f'preserveAspectRatio="none" aria-label="{label}">{"".join(parts)}</svg>'
    )
