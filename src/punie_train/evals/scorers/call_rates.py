"""Precision, recall and F1 of calls, as multisets of name and arguments."""

from collections.abc import Callable, Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import same_call

NAMES = ("precision", "recall", "f1")


def score_call_rates(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    *,
    same: Callable[[ExpectedCall, ToolCall], bool] = same_call,
) -> tuple[Score, Score, Score]:
    """Return precision, recall and F1.

    A right call counts once for each time it was expected. All are 1.0 when nothing was expected
    or called, and 0.0 when only one of the two is nothing.
    """
    right = sum(index is not None for index in match_up(expected, calls, same))
    precision = _share(right, len(calls), empty=not expected)
    recall = _share(right, len(expected), empty=not calls)
    both = len(calls) + len(expected)
    f1 = 2 * right / both if both else 1.0
    reasons = (
        f"{right} of {len(calls)} calls that were made are right",
        f"{right} of {len(expected)} calls that were expected are made",
        f"{right} right calls, {len(calls)} made, {len(expected)} expected",
    )
    values = (precision, recall, f1)
    first, second, third = (
        Score(name=name, value=value, reason=reason)
        for name, value, reason in zip(NAMES, values, reasons, strict=True)
    )
    return first, second, third


def _share(right: int, total: int, *, empty: bool) -> float:
    return right / total if total else float(empty)
