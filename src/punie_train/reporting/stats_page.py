"""The numbers of a dataset as one HTML file: no script, nothing requested, all names escaped."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import resources
from string import Template

from punie_train.dataset.stats import SplitStats, Spread
from punie_train.reporting.histograms import histogram
from punie_train.reporting.numbers import count, percent, plural
from punie_train.reporting.safe_text import html_line

SHOWN = 20
"""Names shown of each kind, the most frequent first."""
LONGEST = 200
"""Characters of a name that are shown."""


def stats_page(splits: Mapping[str, SplitStats], *, data: str, model: str | None = None) -> str:
    """Return the page as text to be written as UTF-8; `data` and `model` are their paths."""
    style = _asset("stats.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    rows = sum(split.rows for split in splits.values())
    facts = [plural(rows, "row"), plural(len(splits), "split")]
    if model:
        facts.append(f"tokens of {model}, as the trainer counts them")
    return Template(_asset("stats.html")).substitute(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'",
        style=style,
        title=html_line(data),
        facts=html_line(" | ".join(facts)),
        splits="\n".join(_section(name, split) for name, split in splits.items()),
    )


def _section(name: str, split: SplitStats) -> str:
    facts = [plural(split.rows, "row"), f"{count(split.rows_with_calls)} with calls"]
    if split.unreadable:
        facts.append(f'<span class="alarm">{count(split.unreadable)} unreadable</span>')
    if split.without_tokens:
        facts.append(
            f'<span class="alarm">{count(split.without_tokens)} refused by the chat template</span>'
        )
    return (
        f'<section><h2>{html_line(name)}</h2><p class="quiet">{" | ".join(facts)}</p>'
        f'<div class="cards">{"".join(_cards(split))}</div></section>'
    )


def _cards(split: SplitStats) -> Iterator[str]:
    for title, unit, spread in (
        ("Messages of a row", "messages", split.messages),
        ("Length of a row", "characters", split.characters),
        ("Tokens of a row", "tokens", split.tokens),
    ):
        if spread is not None and (drawn := histogram(spread, unit=unit)):
            yield (
                f'<div class="card"><h3>{title}</h3>{drawn}'
                f'<p class="quiet">{_words(spread)}</p></div>'
            )
    for title, names, whole in (
        ("Roles, by messages", split.roles, split.roles.total()),
        ("Tools called, by calls", split.calls, split.calls.total()),
        ("Tools offered, by rows", split.offered, split.rows),
        ("Categories, by rows", split.categories, split.rows),
        ("Formats, by rows", split.formats, split.rows),
    ):
        if names:
            yield f'<div class="card"><h3>{title}</h3>{_table(names, whole)}</div>'


def _words(spread: Spread) -> str:
    values = spread.to_json()
    return (
        f"mean {values['mean']:,.1f}, least {count(values['min'])}, "
        f"median {count(values['median'])}, 95 % up to {count(values['p95'])}, "
        f"most {count(values['max'])}, together {count(values['sum'])}"
    )


def _table(names: Counter[str], whole: int) -> str:
    rows = [
        f"<tr><th>{html_line(name[:LONGEST])}</th>"
        f'<td class="share">{_bar(number / whole)}</td><td class="number">{count(number)}</td></tr>'
        for name, number in names.most_common(SHOWN)
    ]
    if len(names) > SHOWN:
        rows.append(f"<tr><th>... and {count(len(names) - SHOWN)} more</th><td></td><td></td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _bar(share: float) -> str:
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" '
        f'aria-label="{percent(share)}"><title>{percent(share)}</title>'
        '<rect class="track" width="100" height="8" fill="#e3e6ea"/>'
        f'<rect class="fill" width="{min(share, 1) * 100:.1f}" height="8" fill="#4c9a6a"/></svg>'
    )


def _asset(name: str) -> str:
    return (resources.files("punie_train.reporting") / "assets" / name).read_text("utf-8").strip()
