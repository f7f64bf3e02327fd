"""Does the code read the fields that the answer needs, and does it pass the type check?"""

from collections.abc import Sequence

from punie_train.core.code_observations import CodeObservation
from punie_train.core.outcomes import Score
from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.scorers.field_access import score_field_access

NAME = "field_access_typed"


def score_typed_access(
    expected: Sequence[Sequence[str]], code: CodeReading, seen: CodeObservation
) -> Score:
    """Score as `score_field_access` does, but 0.0 for code that the type check rejects."""
    problem = seen.problem or code.problem
    if problem is None and seen.type_problems:
        problem = f"rejected by the type check: {'; '.join(seen.type_problems[:3])}"
    if problem:
        return Score(name=NAME, value=0.0, reason=problem)
    static = score_field_access(expected, code)
    return Score(name=NAME, value=static.value, reason=static.reason)
