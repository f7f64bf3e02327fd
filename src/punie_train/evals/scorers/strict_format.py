"""Are all calls written exactly in the format that was trained?"""

from collections.abc import Sequence

from punie_train.core.outcomes import Score
from punie_train.toolcalls.parsed import ParsedCall, WireFormat

NAME = "strict_format"


def score_strict_format(calls: Sequence[ParsedCall], trained: WireFormat) -> Score:
    """Score the share of strict calls; without any call there is nothing to find fault with."""
    loose = [call for call in calls if not call.strict]
    if not loose:
        reason = "no call is in another format than the trained one"
        return Score(name=NAME, value=1.0, reason=reason)
    first = loose[0]
    if first.format is trained:
        reason = f"call of {first.call.name} in {trained}, but not exactly as trained"
    elif first.format is WireFormat.NONE:
        reason = f"call of {first.call.name} in a format that cannot be read here"
    else:
        reason = f"call in {first.format}, not in the trained format"
    return Score(name=NAME, value=1 - len(loose) / len(calls), reason=reason)
