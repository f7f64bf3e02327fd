"""Is nothing called where no tool helps?"""

from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.scorers.values import describe_call

NAME = "irrelevance"


def score_irrelevance(calls: Sequence[ToolCall], malformed: Sequence[str] = ()) -> Score:
    """Score 1.0 when nothing is called, not even in a way that cannot be read."""
    if calls:
        reason = f"called {describe_call(calls[0])} where no tool helps"
        return Score(name=NAME, value=0.0, reason=reason)
    if malformed:
        return Score(name=NAME, value=0.0, reason=f"tried to call a tool: {malformed[0]}")
    return Score(name=NAME, value=1.0, reason="nothing is called")
