"""Reports side by side: labels, differences to the first, flips, changed cases."""

from collections.abc import Callable

from punie_train.core.outcomes import Outcome
from punie_train.evals.comparison import columns_of, compare
from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult

Make = Callable[..., CaseResult]
MakeReport = Callable[..., EvalReport]


def test_columns_have_labels_of_their_own(make_report: MakeReport, make_result: Make) -> None:
    """The adapter's name, with the report's where it is not enough, with a number in the end."""
    both = make_report([make_result(adapter="base"), make_result(adapter="v1")])
    one = make_report([make_result(adapter="v1")])
    columns = columns_of([("a", both), ("b", one), ("b", one)])
    assert [column.label for column in columns] == ["base", "a:v1", "b:v1", "b:v1 #2"]


def test_differences_are_case_by_case(make_report: MakeReport, make_result: Make) -> None:
    """Only cases that both have and answered count."""
    old = make_report([make_result("a"), make_result("b", "failed"), make_result("c")])
    new = make_report(
        [make_result("a", "failed"), make_result("b"), make_result("c", "unavailable")]
    )
    found = compare(columns_of([("old", old), ("new", new)]))
    overall = found.rows[0]
    assert overall.category == "overall"
    assert overall.differences[0] is None
    difference = overall.differences[1]
    assert difference is not None
    assert (difference.pairs, difference.gained, difference.lost) == (2, 1, 1)


def test_a_category_that_one_lacks(make_report: MakeReport, make_result: Make) -> None:
    """No tally and no difference, instead of a zero."""
    old = make_report([make_result("a"), make_result("r", category="reasoning")])
    found = compare(columns_of([("old", old), ("new", make_report([make_result("a")]))]))
    row = next(row for row in found.rows if row.category == "reasoning")
    assert row.tallies[0] is not None
    assert row.tallies[1] is None
    assert row.differences == (None, None)


def test_flips_are_listed_case_by_case(make_report: MakeReport, make_result: Make) -> None:
    """Equal outcomes are not; a case that a column lacks is no outcome."""
    old = make_report([make_result("a"), make_result("b"), make_result("only")])
    new = make_report([make_result("a"), make_result("b", "malformed")])
    (flip,) = compare(columns_of([("old", old), ("new", new)])).flips
    assert (flip.case, flip.outcomes) == ("b", (Outcome.PASSED, Outcome.MALFORMED))


def test_cases_with_another_content_are_named_and_not_paired(
    make_report: MakeReport, make_result: Make
) -> None:
    """The same id, another question."""
    old = make_report([make_result("a"), make_result("b")])
    new = make_report([make_result("a"), make_result("b", "failed", content_hash="other")])
    found = compare(columns_of([("old", old), ("new", new)]))
    assert found.changed == ("suite::b",)
    difference = found.rows[0].differences[1]
    assert difference is not None
    assert (difference.pairs, difference.unpaired) == (1, 2)
