"""The numbers of a dataset in lines for people."""

from collections import Counter
from collections.abc import Iterator, Mapping

from punie_train.dataset.stats import SplitStats, Spread
from punie_train.reporting.numbers import count, plural
from punie_train.reporting.text_table import aligned

SHOWN = 20
"""Names shown of each kind, the most frequent first."""


def stats_lines(splits: Mapping[str, SplitStats], *, width: int) -> Iterator[str]:
    """Yield for each split the rows, two spreads, and how often names occur."""
    for name, split in splits.items():
        unreadable = f", {count(split.unreadable)} unreadable" if split.unreadable else ""
        yield f"{name}: {plural(split.rows, 'row')}{unreadable}"
        spreads = [
            ["", "mean", "min", "median", "p95", "max"],
            ["  messages", *_cells(split.messages)],
            ["  characters", *_cells(split.characters)],
        ]
        if split.tokens is not None:
            spreads.append(["  tokens", *_cells(split.tokens)])
        yield from aligned(spreads, width=width)
        if split.without_tokens:
            rows = plural(split.without_tokens, "row")
            yield f"  {rows} without a token count: the model's chat template refuses them"
        for title, names in (
            ("formats", split.formats),
            ("roles", split.roles),
            ("tools offered, by rows", split.offered),
            ("calls", split.calls),
            ("categories", split.categories),
        ):
            yield from _named(title, names, width)


def _cells(spread: Spread) -> list[str]:
    values = spread.to_json()
    if not values["count"]:
        return ["n/a"] * 5
    whole = [count(values[key]) for key in ("min", "median", "p95", "max")]
    return [f"{values['mean']:,.1f}", *whole]


def _named(title: str, names: Counter[str], width: int) -> Iterator[str]:
    if not names:
        return
    yield f"  {title}"
    rows = [[f"    {name}", count(number)] for name, number in names.most_common(SHOWN)]
    if len(names) > SHOWN:
        rows.append([f"    ... and {count(len(names) - SHOWN)} more", ""])
    yield from aligned(rows, width=width)
