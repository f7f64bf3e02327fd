"""Lead one case's conversation: ask, answer its calls from the script, ask again."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import RequestError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.toolcalls.parse import parse


class Completes(Protocol):
    """Whatever answers a chat request."""

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Return one reply; raise RequestError where there is none."""
        ...


async def converse(
    client: Completes, case: Case, sampling: Sampling, *, deadline: float
) -> Exchange:
    """Return all replies of the case; `deadline` in seconds for all its turns together.

    Raises RequestError for a failed request and a missed deadline: the caller looks after the
    server, and says `unavailable` where that does not help.
    """
    turns: list[Completion] = []
    try:
        async with asyncio.timeout(deadline):
            await _all_turns(client, case, sampling, turns)
    except TimeoutError as error:
        raise RequestError(
            f"no complete reply within {deadline:g} s, in turn {len(turns) + 1}",
            "the case has no result",
            "Look at the server's log; raise --eval-timeout for a slow model",
            failure="F05",
        ) from error
    return Exchange(turns=tuple(turns))


async def _all_turns(
    client: Completes, case: Case, sampling: Sampling, turns: list[Completion]
) -> None:
    messages = list(case.messages)
    script = {name: iter(results) for name, results in case.results.items()}
    while len(turns) < case.max_turns:
        completion = await client.complete(messages, case.tools, sampling)
        turns.append(completion)
        if completion.finish_reason == "length":
            return
        if not (answers := _answers(completion, case, script)):
            return
        messages.extend(answers)


def _answers(
    completion: Completion, case: Case, script: Mapping[str, Iterator[str]]
) -> tuple[Message, ...]:
    """Return the model's own turn and the scripted results, or nothing when the loop ends."""
    parsed = parse(completion.text, case.tools)
    if parsed.malformed or not parsed.calls:
        return ()
    calls = tuple(found.call for found in parsed.calls)
    results = [next(script.get(call.name, iter(())), None) for call in calls]
    own = Message(role="assistant", content=parsed.content.strip(), tool_calls=calls)
    answers = [
        Message(role="tool", name=call.name, content=result)
        for call, result in zip(calls, results, strict=True)
        if result is not None
    ]
    return (own, *answers) if len(answers) == len(calls) else ()


def unavailable(error: RequestError, log_tail: str = "") -> Unavailable:
    """Turn a failed request into the end of its case, with the last lines of the server's log."""
    return Unavailable(reason=f"{error}\n{log_tail}" if log_tail else str(error))
