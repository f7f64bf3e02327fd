"""Score the replies of one case."""

from dataclasses import replace

from punie_train.core.code_observations import CodeObservation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.outcomes import Outcome, Score
from punie_train.evals.case import Case
from punie_train.evals.chosen_scorers import Scored, chosen_scores
from punie_train.evals.code_answer import code_answer
from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.confusion import expected_tools
from punie_train.evals.replies import ParsedTurns, parse_turns
from punie_train.evals.result import CaseResult
from punie_train.evals.scorers.calls import score_calls
from punie_train.evals.scorers.code_calls import score_code_calls
from punie_train.evals.scorers.executed_access import score_executed_access
from punie_train.evals.scorers.field_access import score_field_access
from punie_train.evals.scorers.keywords import score_keywords
from punie_train.evals.scorers.no_call import score_no_call
from punie_train.evals.scorers.strict_format import score_strict_format
from punie_train.evals.scorers.typed_access import score_typed_access
from punie_train.evals.scorers.values import describe_call
from punie_train.toolcalls.parsed import WireFormat


def score_case(
    case: Case,
    outcome: Exchange | Unavailable,
    *,
    adapter: str,
    repeat: int = 1,
    trained: WireFormat = WireFormat.QWEN3_CODER_XML,
    observation: CodeObservation | None = None,
) -> CaseResult:
    """Return the result of a case; `observation` is what its code did, None where it was not run.

    The score is 1.0 when every scorer of the case gives 1.0 and the reply is neither truncated
    nor malformed, 0.0 otherwise, None when unavailable; `scores` holds the partial values. A
    case that does not choose its scorers passes only in the `trained` format. No reply at all is
    unavailable.
    """
    turns = outcome.turns
    reply = parse_turns(turns, case.tools, trained)
    if isinstance(outcome, Unavailable) or not turns:
        reason = outcome.reason if isinstance(outcome, Unavailable) else "there was no reply"
        verdict, scores = Outcome.UNAVAILABLE, ()
    else:
        scores = _scores(case, reply, trained, observation)
        verdict, reason = _verdict(turns, reply, scores)
    return _result(
        case,
        turns,
        reply,
        adapter=adapter,
        repeat=repeat,
        outcome=verdict,
        scores=scores,
        reason=reason,
    )


def _verdict(
    turns: tuple[Completion, ...], reply: ParsedTurns, scores: tuple[Score, ...]
) -> tuple[Outcome, str]:
    failed = dict.fromkeys(score.reason for score in scores if score.value < 1.0)
    if turns[-1].finish_reason == "length":
        tokens = turns[-1].completion_tokens
        return Outcome.TRUNCATED, f"the reply was cut off after {tokens} tokens [F19]"
    if reply.malformed:
        return Outcome.MALFORMED, "; ".join(reply.malformed[:5])
    if failed:
        return Outcome.FAILED, "; ".join(failed)
    return Outcome.PASSED, ""


def _scores(
    case: Case, reply: ParsedTurns, trained: WireFormat, seen: CodeObservation | None
) -> tuple[Score, ...]:
    expect, calls = case.expect, reply.tool_calls
    if case.scorers:
        scored = Scored(case=case, reply=reply, code=code_answer(reply).reading, trained=trained)
        return chosen_scores(case.scorers, scored)
    scores: list[Score] = []
    if expect.calls:
        scores.append(score_calls(expect.calls, calls))
    if expect.code:
        code = code_answer(reply).reading
        scores.append(score_code_calls(expect.code, code))
        if expect.fields:
            scores += _field_scores(expect.fields, code, seen)
    if expect.no_call:
        scores.append(score_no_call(calls, reply.content))
    if expect.keywords:
        asked = "\n".join(m.content for m in case.messages if m.role in ("system", "user"))
        scores.append(score_keywords(expect.keywords, reply.content, asked))
    if expect.calls or expect.code:
        scores.append(score_strict_format(reply.calls, trained))
    return tuple(scores)


def _field_scores(
    fields: tuple[tuple[str, ...], ...], code: CodeReading, seen: CodeObservation | None
) -> list[Score]:
    static = score_field_access(fields, code)
    if seen is None:
        return [static]
    executed = score_executed_access(fields, code, seen)
    return [static, score_typed_access(fields, code, seen), *([executed] if executed else [])]


def _result(
    case: Case,
    turns: tuple[Completion, ...],
    reply: ParsedTurns,
    *,
    adapter: str,
    repeat: int,
    outcome: Outcome,
    scores: tuple[Score, ...],
    reason: str,
) -> CaseResult:
    score = 1.0 if outcome is Outcome.PASSED else 0.0
    told = outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.MALFORMED)
    return CaseResult(
        case=case.id,
        suite=case.suite,
        category=case.category,
        tags=case.tags,
        content_hash=case.content_hash,
        prompt=_prompt(case),
        adapter=adapter,
        repeat=repeat,
        outcome=outcome,
        score=None if outcome is Outcome.UNAVAILABLE else score,
        scores=scores,
        reason=reason,
        reply=reply.text,
        calls=reply.tool_calls,
        malformed=reply.malformed,
        format=reply.format,
        strict=reply.strict if told else None,
        delivered=reply.delivered if told else None,
        finish_reason=turns[-1].finish_reason if turns else "",
        turns=len(turns),
        prompt_tokens=sum(turn.prompt_tokens for turn in turns),
        completion_tokens=sum(turn.completion_tokens for turn in turns),
        queue_seconds=sum(turn.queue_seconds for turn in turns),
        generation_seconds=sum(turn.generation_seconds for turn in turns),
        request_hash=case.request_hash,
        expected=expected_tools(case.expect),
        replies=tuple(replace(turn, token_ids=(), logprobs=()) for turn in turns),
    )


def _prompt(case: Case) -> str:
    if len(case.messages) == 1:
        return case.messages[0].content
    return "\n".join(
        f"{message.role}: {part}"
        for message in case.messages
        for part in (message.content, *map(describe_call, message.tool_calls))
        if part
    )
