"""Which share of what is meant as a call can be read?"""

from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score

NAME = "parse_rate"


def score_parse_rate(calls: Sequence[ToolCall], malformed: Sequence[str]) -> Score:
    """Score the share of readable calls; without any attempt nothing is wrong."""
    attempts = len(calls) + len(malformed)
    if not malformed:
        reason = "all calls can be read" if calls else "no call is attempted"
        return Score(name=NAME, value=1.0, reason=reason)
    reason = f"{len(malformed)} of {attempts} calls cannot be read: {malformed[0]}"
    return Score(name=NAME, value=len(calls) / attempts, reason=reason)
