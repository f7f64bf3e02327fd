"""Does the code run to its end, read the fields that the answer needs, and make use of them?"""

from collections.abc import Sequence

from punie_train.core.code_observations import CodeObservation, CodeRun, RunEnd
from punie_train.core.outcomes import Score
from punie_train.evals.code_reading.reading import CodeReading

NAME = "field_access_executed"

_TELLS = frozenset({"write_file", "run_command"})
"""Tools by which code can make use of a field without printing."""


def score_executed_access(
    expected: Sequence[Sequence[str]], code: CodeReading, seen: CodeObservation
) -> Score | None:
    """Score the share of fields that were read in a run; each entry holds alternatives.

    0.0 for code that does not run to its end on the main script, prints nothing, or prints and
    calls the same whatever the results are. None for code that the sandbox cannot run through no
    fault of the code: nothing was measured. Where it can run the code but not record the fields,
    those that the text reads are taken.
    """
    if seen.problem or not seen.runs:
        return Score(name=NAME, value=0.0, reason=seen.problem or "the code was not run")
    main, fields, again = seen.runs[0], seen.fields, seen.unrecorded
    if again is not None and again.end is RunEnd.DONE:
        fields |= code.fields
    if main.end is RunEnd.UNSUPPORTED:
        if again is None or again.end is RunEnd.UNSUPPORTED:
            return None
        main = again
    if main.end is not RunEnd.DONE:
        where = f" (line {main.line})" if main.line else ""
        mark = " [F64]" if main.end is RunEnd.BLOCKED else ""
        return Score(name=NAME, value=0.0, reason=f"{main.reason}{where}{mark}")
    missing = [names for names in expected if fields.isdisjoint(names)]
    if missing:
        wanted = ", ".join(" or ".join(names) for names in missing)
        value = 1 - len(missing) / len(expected)
        in_text = [names for names in missing if not code.fields.isdisjoint(names)]
        when = " when run" if in_text else ""
        return Score(name=NAME, value=value, reason=f"fields not read{when}: {wanted}")
    if problem := _unused((main, *seen.runs), judged=seen.unrecorded is None):
        return Score(name=NAME, value=0.0, reason=problem)
    return Score(name=NAME, value=1.0, reason="the code runs and reads all fields")


def _unused(runs: Sequence[CodeRun], *, judged: bool) -> str | None:
    """Return what shows that the fields are read for nothing, if so."""
    done = [run for run in runs if run.end is RunEnd.DONE]
    told = any(run.output.strip() or any(call.name in _TELLS for call in run.calls) for run in done)
    if not told:
        return "the code prints nothing"
    effects = {run.effects for run in done}
    if judged and len(effects) == 1 and len(runs) > 2:
        return "the code prints the same whatever the results are"
    return None
