"""Any number of measured adapters side by side: scores, differences to the first, flips."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from punie_train.core.outcomes import Outcome
from punie_train.evals.report import AdapterSummary, EvalReport, Tally
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.verdict import PairVerdict, judge_pair
from punie_train.evals.summary import OVERALL, grouped

Key = tuple[str, str, str]
"""Suite, case and the hash of its content: replies to different questions never meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One adapter of one report, under a label that tells it from the others."""

    label: str
    report: EvalReport
    adapter: str

    @property
    def summary(self) -> AdapterSummary:
        """Return the adapter's numbers."""
        return self.report.summary[self.adapter]

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """Return the adapter's results."""
        return tuple(one for one in self.report.results if one.adapter == self.adapter)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """One category: a tally a column, and the difference of each column to the first.

    Both are None where a column has no case of the category; the first difference is None.
    """

    category: str
    tallies: tuple[Tally | None, ...]
    differences: tuple[PairVerdict | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipRow:
    """A case whose outcomes differ between columns; None where a column does not have it."""

    suite: str
    case: str
    category: str
    outcomes: tuple[Outcome | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything that is shown; `changed` names cases whose content is not the same everywhere."""

    columns: tuple[Column, ...]
    rows: tuple[CategoryRow, ...]
    flips: tuple[FlipRow, ...]
    changed: tuple[str, ...]


def columns_of(reports: Sequence[tuple[str, EvalReport]]) -> tuple[Column, ...]:
    """Return a column for each adapter of each named report, in order, with labels of their own.

    A label is the adapter's name; where two share one, the report's name comes before it.
    """
    pairs = [
        (name, report, adapter.name)
        for name, report in reports
        for adapter in report.adapters
        if adapter.name in report.summary
    ]
    names = [adapter for _, _, adapter in pairs]
    columns: list[Column] = []
    for name, report, adapter in pairs:
        label = adapter if names.count(adapter) == 1 else f"{name}:{adapter}"
        taken = sum(column.label.partition(" #")[0] == label for column in columns)
        label = f"{label} #{taken + 1}" if taken else label
        columns.append(Column(label=label, report=report, adapter=adapter))
    return tuple(columns)


def compare(columns: Sequence[Column]) -> Comparison:
    """Return the comparison of all columns with the first one."""
    categories = dict.fromkeys(
        name for column in columns for name in (OVERALL, *column.summary.categories)
    )
    return Comparison(
        columns=tuple(columns),
        rows=tuple(_row(name, columns) for name in categories),
        flips=_flips(columns),
        changed=_changed(columns),
    )


def case_means(results: Sequence[CaseResult]) -> dict[Key, float]:
    """Return the mean score of each case that has one, over its repeats."""
    means = {}
    for key, group in grouped(results, _key).items():
        scores = [result.score for result in group if result.score is not None]
        if scores:
            means[key] = fmean(scores)
    return means


def repeats_of(results: Sequence[CaseResult]) -> int:
    """Return the highest number of repeats, at least 1."""
    return max((result.repeat for result in results), default=1)


def _row(category: str, columns: Sequence[Column]) -> CategoryRow:
    own = [_of_category(column.results, category) for column in columns]
    first = case_means(own[0])
    differences: list[PairVerdict | None] = [None]
    for results in own[1:]:
        repeats = max(repeats_of(own[0]), repeats_of(results))
        means = case_means(results)
        shared = first.keys() & means.keys()
        differences.append(judge_pair(first, means, repeats=repeats) if shared else None)
    return CategoryRow(
        category=category,
        tallies=tuple(
            column.summary.overall
            if category == OVERALL
            else column.summary.categories.get(category)
            for column in columns
        ),
        differences=tuple(differences),
    )


def _of_category(results: Sequence[CaseResult], category: str) -> list[CaseResult]:
    return [result for result in results if category in (OVERALL, result.category)]


def _flips(columns: Sequence[Column]) -> tuple[FlipRow, ...]:
    by_column = [
        {(*_key(result), result.repeat): result for result in column.results} for column in columns
    ]
    rows = []
    for key in dict.fromkeys(key for results in by_column for key in results):
        found = [results.get(key) for results in by_column]
        outcomes = tuple(one.outcome if one else None for one in found)
        known = next(one for one in found if one)
        if len({outcome for outcome in outcomes if outcome}) > 1:
            repeat = f"-r{known.repeat}" if known.repeat > 1 else ""
            rows.append(
                FlipRow(
                    suite=known.suite,
                    case=known.case + repeat,
                    category=known.category,
                    outcomes=outcomes,
                )
            )
    return tuple(rows)


def _changed(columns: Sequence[Column]) -> tuple[str, ...]:
    hashes: dict[str, set[str]] = {}
    for column in columns:
        for result in column.results:
            name = f"{result.suite}::{result.case}"
            hashes.setdefault(name, set()).add(result.content_hash)
    return tuple(name for name, found in hashes.items() if len(found) > 1)


def _key(result: CaseResult) -> Key:
    return result.suite, result.case, result.content_hash
