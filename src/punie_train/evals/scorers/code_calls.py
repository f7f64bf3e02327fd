"""Does the code call exactly the expected functions with the expected arguments?"""

from collections.abc import Sequence

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Score
from punie_train.evals.case import ExpectedCall
from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.scorers.calls import score_calls

NAME = "code_calls"


def score_code_calls(expected: Sequence[ExpectedCall], code: CodeReading) -> Score:
    """Score the calls in the code as `score_calls` does those of a reply.

    The same call in several places counts once, because only one branch of the code may run.
    """
    if code.problem:
        return Score(name=NAME, value=0.0, reason=code.problem)
    distinct = dict.fromkeys((call.name, call.arguments) for call in code.calls)
    calls = [ToolCall(name=name, arguments=dict(arguments)) for name, arguments in distinct]
    score = score_calls(expected, calls)
    reason = "the code makes the right calls" if score.value == 1.0 else score.reason
    return Score(name=NAME, value=score.value, reason=reason)
