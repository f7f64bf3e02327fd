"""Does the code read the fields of the results that the answer needs?"""

from collections.abc import Sequence

from punie_train.core.outcomes import Score
from punie_train.evals.code_reading.reading import CodeReading

NAME = "field_access"


def score_field_access(expected: Sequence[Sequence[str]], code: CodeReading) -> Score:
    """Score the share of fields read; each entry holds alternatives of which one suffices.

    A field that does not exist is worth 0.0, because the code would stop there.
    """
    if code.problem:
        return Score(name=NAME, value=0.0, reason=code.problem)
    if code.unknown_fields:
        names = ", ".join(code.unknown_fields[:5])
        return Score(name=NAME, value=0.0, reason=f"reads fields that do not exist: {names}")
    missing = [names for names in expected if code.fields.isdisjoint(names)]
    if not missing:
        return Score(name=NAME, value=1.0, reason="all fields are read")
    value = 1 - len(missing) / len(expected)
    wanted = ", ".join(" or ".join(names) for names in missing)
    named = {name.rpartition(".")[2] for names in missing for name in names} & code.mentioned
    mark = " (named only in a comment or a string) [F18]" if named else ""
    return Score(name=NAME, value=value, reason=f"fields not read: {wanted}{mark}")
