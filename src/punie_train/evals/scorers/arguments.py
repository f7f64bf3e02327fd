"""Are the arguments right, in the calls of the right tools?"""

from collections.abc import Callable, Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall
from punie_train.evals.scorers.matching import match_up
from punie_train.evals.scorers.values import describe_value, is_optional, same_call, same_value

NAME = "arguments"

Same = Callable[[ExpectedCall, ToolCall], bool]


def score_arguments(
    expected: Sequence[ExpectedCall], calls: Sequence[ToolCall], *, same: Same = same_call
) -> Score:
    """Score the share of right arguments among all that were expected or given.

    Calls are paired by a largest matching of right ones, the rest by tool. A call that is missing
    has all its arguments wrong, and so has one that nobody asked for; a call without arguments
    counts as one argument.
    """
    pairs, left = _paired(expected, calls, same)
    right = total = 0
    reasons: list[str] = []
    for wanted, call in pairs:
        if call is None:
            total += max(1, len(wanted.arguments))
            reasons.append(f"{wanted.name} is not called")
        elif same(wanted, call):
            right += max(1, len(call.arguments))
            total += max(1, len(call.arguments))
        else:
            wrong, count = _wrong(wanted, call)
            right += count - len(wrong)
            total += count
            reasons += wrong
    total += sum(max(1, len(call.arguments)) for call in left)
    reasons += [f"{call.name} was not asked for" for call in left[:5]]
    return Score(
        name=NAME,
        value=right / total if total else 1.0,
        reason="; ".join(reasons) or "all arguments are right",
    )


def _paired(
    expected: Sequence[ExpectedCall], calls: Sequence[ToolCall], same: Same
) -> tuple[list[tuple[ExpectedCall, ToolCall | None]], list[ToolCall]]:
    matched = match_up(expected, calls, same)
    left = [call for index, call in enumerate(calls) if index not in matched]
    pairs: list[tuple[ExpectedCall, ToolCall | None]] = []
    for wanted, index in zip(expected, matched, strict=True):
        call = calls[index] if index is not None else None
        if call is None and (near := [item for item in left if item.name == wanted.name]):
            call = min(near, key=lambda item: len(_wrong(wanted, item)[0]))
            left.remove(call)
        pairs.append((wanted, call))
    return pairs, left


def _wrong(wanted: ExpectedCall, call: ToolCall) -> tuple[list[str], int]:
    """Return what is wrong with each wrong argument, and how many arguments there are."""
    wrong: list[str] = []
    keys = [*wanted.arguments, *(key for key in call.arguments if key not in wanted.arguments)]
    for key in keys:
        if key not in wanted.arguments:
            wrong.append(f"{call.name}: argument {key} was not asked for")
        elif key not in call.arguments:
            if not is_optional(wanted.arguments[key]):
                wrong.append(f"{call.name}: argument {key} is missing")
        elif not same_value(wanted.arguments[key], call.arguments[key]):
            got, asked = (describe_value(c.arguments[key]) for c in (call, wanted))
            wrong.append(f"{call.name}: {key} is {got} instead of {asked}")
    return wrong, max(1, len(keys))
