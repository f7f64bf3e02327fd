"""Is the reply a direct answer: some text, and no call of any tool?"""

from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.scorers.values import describe_call

NAME = "no_call"


def score_no_call(calls: Sequence[ToolCall], content: str) -> Score:
    """Score 1.0 for an answer in words without any call, else 0.0."""
    if calls:
        shown = describe_call(calls[0])
        more = f" and {len(calls) - 1} more" if len(calls) > 1 else ""
        return Score(name=NAME, value=0.0, reason=f"called {shown}{more} instead of answering")
    if not content.strip():
        return Score(name=NAME, value=0.0, reason="the reply is empty")
    return Score(name=NAME, value=1.0, reason="answered without a call")
