"""Do the calls of a loop follow the expected ones: strictly, in any order, fewer, or more?"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import describe_call, same_call


class Trajectory(StrEnum):
    """How closely the calls follow."""

    STRICT = "strict"
    UNORDERED = "unordered"
    SUBSET = "subset"
    SUPERSET = "superset"


def score_trajectory(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    mode: Trajectory,
    *,
    same: Callable[[ExpectedCall, ToolCall], bool] = same_call,
) -> Score:
    """Score 1.0 or 0.0.

    Strict: the same calls in the same order. Unordered: the same calls. Subset: nothing but
    expected calls, and at least one where any is expected. Superset: all expected calls.
    """
    reason = _problem(expected, calls, mode, same)
    return Score(
        name=f"trajectory_{mode}",
        value=0.0 if reason else 1.0,
        reason=reason or f"the calls are a right {mode} trajectory",
    )


def _problem(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    mode: Trajectory,
    same: Callable[[ExpectedCall, ToolCall], bool],
) -> str:
    if mode is Trajectory.STRICT:
        return _first_difference(expected, calls, same)
    matched = match_up(expected, calls, same)
    missing = [wanted for wanted, i in zip(expected, matched, strict=True) if i is None]
    extra = [call for i, call in enumerate(calls) if i not in matched]
    if mode is Trajectory.SUBSET and expected and not calls:
        return "nothing is called"
    if mode is not Trajectory.SUBSET and missing:
        return f"missing call: {describe_call(missing[0])}"
    if mode is not Trajectory.SUPERSET and extra:
        return f"call that was not asked for: {describe_call(extra[0])}"
    return ""


def _first_difference(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    same: Callable[[ExpectedCall, ToolCall], bool],
) -> str:
    for number, (wanted, call) in enumerate(zip(expected, calls, strict=False), start=1):
        if not same(wanted, call):
            return f"call {number} is {describe_call(call)} instead of {describe_call(wanted)}"
    if len(calls) < len(expected):
        return f"call {len(calls) + 1} is missing: {describe_call(expected[len(calls)])}"
    if len(calls) > len(expected):
        return f"call {len(expected) + 1} was not asked for: {describe_call(calls[len(expected)])}"
    return ""
