"""Are only tools called that were offered?"""

from collections.abc import Collection, Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score

NAME = "hallucinated_tool"


def score_hallucinated_tool(calls: Sequence[ToolCall], offered: Collection[str]) -> Score:
    """Score the share of calls whose tool was offered; 1.0 is no hallucination."""
    invented = [call.name for call in calls if call.name not in offered]
    if not invented:
        return Score(name=NAME, value=1.0, reason="only offered tools are called")
    names = ", ".join(repr(name) for name in dict.fromkeys(invented[:5]))
    value = 1 - len(invented) / len(calls)
    return Score(name=NAME, value=value, reason=f"tools that nobody offered: {names}")
