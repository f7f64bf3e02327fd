"""Are exactly the expected calls made, in any order, with all arguments right?"""

from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import (
    describe_call,
    describe_value,
    is_optional,
    same_call,
    same_value,
)

NAME = "calls"


def score_calls(expected: Sequence[ExpectedCall], calls: Sequence[ToolCall]) -> Score:
    """Score the share of right calls among all that were expected or made; 1.0 is exact."""
    matched = match_up(expected, calls, same_call)
    missing = [call for call, index in zip(expected, matched, strict=True) if index is None]
    extra = [call for i, call in enumerate(calls) if i not in matched]
    right = len(expected) - len(missing)
    total = max(len(expected), len(calls))
    value = right / total if total else 1.0
    if not missing and not extra:
        return Score(name=NAME, value=1.0, reason="all calls are right")
    return Score(name=NAME, value=value, reason="; ".join(_reasons(missing, extra)))


def _reasons(missing: list[ExpectedCall], extra: list[ToolCall]) -> list[str]:
    reasons: list[str] = []
    left = list(extra)
    for wanted in missing:
        near = next((call for call in left if call.name == wanted.name), None)
        if near is None:
            reasons.append(f"missing call: {describe_call(wanted)}")
        else:
            left.remove(near)
            reasons += _differences(wanted, near)
    shown = left[:5]
    reasons += [f"call that was not asked for: {describe_call(call)}" for call in shown]
    if len(left) > len(shown):
        reasons.append(f"and {len(left) - len(shown)} more calls that were not asked for")
    return reasons


def _differences(wanted: ExpectedCall, call: ToolCall) -> list[str]:
    reasons = []
    for key, value in wanted.arguments.items():
        if key not in call.arguments:
            if is_optional(value):
                continue
            reasons.append(f"{call.name}: argument {key} is missing")
        elif not same_value(value, call.arguments[key]):
            got = describe_value(call.arguments[key])
            reasons.append(f"{call.name}: {key} is {got} instead of {describe_value(value)}")
    reasons += [
        f"{call.name}: argument {key} was not asked for"
        for key in call.arguments
        if key not in wanted.arguments
    ]
    return reasons
