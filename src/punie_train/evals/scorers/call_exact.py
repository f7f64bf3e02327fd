"""Are exactly the right calls made, by the field's reference rule? All or nothing."""

from collections.abc import Mapping, Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import ExpectedCall
from punie_train.evals.scorers.call_rule import StringMatch, problems
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import describe_call

NAME = "call_exact"


def score_call_exact(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    tools: Mapping[str, ToolSpec],
    *,
    string_match: StringMatch = StringMatch.EXACT,
    ordered: bool = False,
) -> Score:
    """Score 1.0 when there are as many calls as expected and each is right, else 0.0.

    Calls may come in any order, paired by a largest matching, unless `ordered`. Where no call is
    expected, none may be made.
    """
    reasons = _reasons(expected, calls, tools, string_match, ordered=ordered)
    if not reasons:
        right = "nothing is called, which is right" if not expected else "all calls are right"
        return Score(name=NAME, value=1.0, reason=right)
    return Score(name=NAME, value=0.0, reason="; ".join(reasons))


def _reasons(
    expected: Sequence[ExpectedCall],
    calls: Sequence[ToolCall],
    tools: Mapping[str, ToolSpec],
    string_match: StringMatch,
    *,
    ordered: bool,
) -> list[str]:
    def wrong(wanted: ExpectedCall, call: ToolCall) -> tuple[str, ...]:
        return problems(wanted, call, tools, string_match)

    if ordered:
        matched = [
            index if index < len(calls) and not wrong(wanted, calls[index]) else None
            for index, wanted in enumerate(expected)
        ]
    else:
        matched = [*match_up(expected, calls, lambda wanted, call: not wrong(wanted, call))]
    left = [call for index, call in enumerate(calls) if index not in matched]
    reasons: list[str] = []
    for wanted in (w for w, index in zip(expected, matched, strict=True) if index is None):
        near = next((call for call in left if call.name == wanted.name), None)
        if near is None:
            reasons.append(f"missing call: {describe_call(wanted)}")
        else:
            left.remove(near)
            reasons += wrong(wanted, near) or [f"{wanted.name} is called out of order"]
    reasons += [f"call that was not asked for: {describe_call(call)}" for call in left[:5]]
    if len(left) > 5:
        reasons.append(f"and {len(left) - 5} more calls that were not asked for")
    return reasons
