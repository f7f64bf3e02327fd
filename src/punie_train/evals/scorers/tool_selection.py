"""Are the right tools called, each as often as expected, whatever their arguments?"""

from collections import Counter
from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall

NAME = "tool_selection"


def score_tool_selection(expected: Sequence[ExpectedCall], calls: Sequence[ToolCall]) -> Score:
    """Score the share of right tools among all that were expected or called, as multisets."""
    wanted = Counter(call.name for call in expected)
    made = Counter(call.name for call in calls)
    right = (wanted & made).total()
    total = max(wanted.total(), made.total())
    reasons = [
        f"{what}: {_names(names)}"
        for what, names in (("missing tools", wanted - made), ("extra tools", made - wanted))
        if names
    ]
    return Score(
        name=NAME,
        value=right / total if total else 1.0,
        reason="; ".join(reasons) or "the right tools are called",
    )


def _names(names: Counter[str]) -> str:
    shown = [f"{name!r}" + (f" (x{count})" if count > 1 else "") for name, count in names.items()]
    more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
    return ", ".join(shown[:5]) + more
