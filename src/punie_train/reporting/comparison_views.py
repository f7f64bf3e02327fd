"""A comparison as lines of text and as a page with the progression of the scores."""

from collections.abc import Iterable, Sequence

from punie_train.core.outcomes import Outcome
from punie_train.evals.comparison import CategoryRow, Column, Comparison, FlipRow
from punie_train.evals.statistics.verdict import PairVerdict
from punie_train.evals.summary import OVERALL
from punie_train.reporting import numbers
from punie_train.reporting.attestation_words import BADGES
from punie_train.reporting.progression_plot import ScorePoint, progression_plot
from punie_train.reporting.safe_text import html_line, one_line
from punie_train.reporting.static_page import html_table, static_page
from punie_train.reporting.text_table import aligned

MOST_FLIPS = 40
"""So many flips are listed in the terminal; the page has all."""

TOLD_SPEED_RATIO = 1.2
"""Runs whose speeds differ by this factor tempt a reader to compare them."""

_MARKS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.MALFORMED: "malformed",
    Outcome.TRUNCATED: "truncated",
    Outcome.UNAVAILABLE: "unavailable",
}


def comparison_lines(comparison: Comparison, *, width: int) -> list[str]:
    """Return scores by category and column, differences to the first column, and the flips."""
    names = [column.label for column in comparison.columns]
    lines = aligned([("score", *names), *map(_scores, comparison.rows)], width=width)
    for place, name in enumerate(names[1:], start=1):
        rows = [
            (f"{name} against {names[0]}", *DIFFERENCE_HEAD),
            *(
                (_indented(row.category), *difference_cells(row.differences[place]))
                for row in comparison.rows
            ),
        ]
        lines += ["", *aligned(rows, width=width)]
    if comparison.changed:
        shown = ", ".join(map(one_line, comparison.changed[:5]))
        more = numbers.plural(len(comparison.changed), "case")
        lines += ["", f"{more} with another content, never paired: {shown}"]
    if said := _speeds(comparison.columns):
        lines += ["", said]
    if comparison.flips:
        flips = comparison.flips[:MOST_FLIPS]
        rows = [("flips, case by case", *names), *map(_flip, flips)]
        lines += ["", *aligned(rows, width=width)]
        if rest := len(comparison.flips) - len(flips):
            lines.append(f"and {numbers.count(rest)} more: --html FILE shows all")
    return lines


def _speeds(columns: Sequence[Column]) -> str | None:
    """Say why times of different runs are not compared, where somebody would want to."""
    told = {column.report.run: column.summary.overall.tokens_per_second for column in columns}
    speeds = [speed for speed in told.values() if speed]
    if len(speeds) < 2 or max(speeds) < TOLD_SPEED_RATIO * min(speeds):
        return None
    return (
        f"the runs generated {numbers.speed(min(speeds))} to {numbers.speed(max(speeds))} tokens a "
        "second, and nothing follows from it: the machine may have been busy. Measure both in one "
        "session, with --adapter twice [F65]"
    )


DIFFERENCE_HEAD = ("difference", "95 % interval", "gained", "lost", "pairs", "p (worse)")


def difference_cells(verdict: PairVerdict | None) -> tuple[str, ...]:
    """Return difference, interval, gained, lost, pairs and p value as text."""
    if verdict is None:
        return (numbers.NOT_AVAILABLE,) * len(DIFFERENCE_HEAD)
    return (
        numbers.points(verdict.difference),
        numbers.points_interval(verdict.interval),
        numbers.count(verdict.gained),
        numbers.count(verdict.lost),
        numbers.count(verdict.pairs),
        numbers.p_value(verdict.p_value),
    )


def comparison_page(comparison: Comparison) -> str:
    """Return the page: progression of the scores, scores, differences and every flip."""
    names = [column.label for column in comparison.columns]
    series = {
        row.category: [
            ScorePoint(place=place, score=tally.score, interval=tally.interval)
            for place, tally in enumerate(row.tallies)
            if tally is not None and tally.score is not None
        ]
        for row in comparison.rows
    }
    runs = "".join(
        f"<li><b>{html_line(column.label)}</b>: {html_line(column.adapter)} on "
        f"{html_line(column.report.model.path)}, run {html_line(column.report.run)}, "
        f"{_attestation(column)}</li>"
        for column in comparison.columns
    )
    parts = [
        f"<ul>{runs}</ul>",
        f"<h2>Score progression</h2>{progression_plot(series, names, title='Score progression')}",
        f"<h2>Scores</h2>{_table(('category', *names), map(_scores, comparison.rows))}",
    ]
    if said := _speeds(comparison.columns):
        parts.append(f"<p>{html_line(said)}</p>")
    for place, name in enumerate(names[1:], start=1):
        rows = (
            (row.category, *difference_cells(row.differences[place])) for row in comparison.rows
        )
        title = f"{html_line(name)} against {html_line(names[0])}"
        parts.append(f"<h2>{title}</h2>{_table(('category', *DIFFERENCE_HEAD), rows)}")
    flips = numbers.plural(len(comparison.flips), "case")
    parts.append(f"<h2>Flips: {flips}</h2>")
    if comparison.flips:
        parts.append(_table(("case", *names), map(_flip, comparison.flips)))
    return static_page("Comparison", "\n".join(parts))


def _attestation(column: Column) -> str:
    proof = next(one for one in column.report.adapters if one.name == column.adapter).attestation
    return BADGES[proof.applied][0]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return html_table([list(head), *map(list, rows)], numbers_from=1)


def _scores(row: CategoryRow) -> tuple[str, ...]:
    cells = (
        numbers.NOT_AVAILABLE
        if tally is None
        else f"{numbers.percent(tally.score)} ({numbers.interval(tally.interval)})"
        for tally in row.tallies
    )
    return (_indented(row.category), *cells)


def _flip(row: FlipRow) -> tuple[str, ...]:
    return (row.case, *("-" if one is None else _MARKS[one] for one in row.outcomes))


def _indented(category: str) -> str:
    return category if category == OVERALL else f"  {category}"
