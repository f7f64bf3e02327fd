"""The result of a free-form evaluation: a function that asked the model itself."""

from collections.abc import Sequence
from statistics import fmean

from punie_train.core.completions import Completion
from punie_train.core.errors import RequestError
from punie_train.core.outcomes import Outcome, Score
from punie_train.evals.result import CaseResult
from punie_train.toolcalls.parsed import WireFormat


def free_form_result(
    *,
    case: str,
    suite: str,
    category: str,
    adapter: str,
    prompts: Sequence[str],
    turns: Sequence[Completion],
    scores: Sequence[Score],
    error: BaseException | None,
    asked: bool = True,
) -> CaseResult:
    """Return the result; `error` is what the function raised, None where it returned.

    A failed request makes it unavailable, and so does any error before the model was `asked`; any
    other error failed. The score of a function that returned is the mean of what it scored, or
    1.0; that of one that failed is 0.0, whatever it had scored before.
    """
    outcome = _outcome(error) if asked else Outcome.UNAVAILABLE
    return CaseResult(
        case=case,
        suite=suite,
        category=category,
        tags=(),
        content_hash="",
        prompt="\n".join(prompts),
        adapter=adapter,
        repeat=1,
        outcome=outcome,
        score=_score(outcome, scores),
        scores=tuple(scores),
        reason=str(error) if error else "",
        reply="\n".join(turn.text for turn in turns),
        calls=tuple(call for turn in turns for call in turn.delivered),
        malformed=(),
        format=WireFormat.NONE,
        strict=None,
        delivered=None,
        finish_reason=turns[-1].finish_reason if turns else "",
        turns=len(turns),
        prompt_tokens=sum(turn.prompt_tokens for turn in turns),
        completion_tokens=sum(turn.completion_tokens for turn in turns),
        queue_seconds=sum(turn.queue_seconds for turn in turns),
        generation_seconds=sum(turn.generation_seconds for turn in turns),
    )


def _score(outcome: Outcome, scores: Sequence[Score]) -> float | None:
    match outcome:
        case Outcome.PASSED:
            return fmean(score.value for score in scores) if scores else 1.0
        case Outcome.UNAVAILABLE:
            return None
    return 0.0


def _outcome(error: BaseException | None) -> Outcome:
    match error:
        case None:
            return Outcome.PASSED
        case RequestError():
            return Outcome.UNAVAILABLE
        case _:
            return Outcome.FAILED
