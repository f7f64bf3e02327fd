"""Rows over the agent's seven tools: one call, several at once, one after another."""

from collections.abc import Iterator
from random import Random

from punie_train.core.messages import ToolCall
from punie_train.generate.drafts import Draft, Talk
from punie_train.generate.phrases import said
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.plain_results import closing, result_of, started
from punie_train.generate.without_call import beyond, unclear
from punie_train.starter.grammar.agent_calls import MAKERS, simple
from punie_train.starter.grammar.chains import chain
from punie_train.starter.grammar.contrasts import contrast_call
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.samples import Sample

CATEGORY = "tool_calling"
TOOLS = tuple(MAKERS)
WITHOUT_CALL = 0.25
"""The part of the requests that no call answers."""


def tool_calling(rng: Random) -> Iterator[Draft]:
    """Yield drafts without end; the tools of single calls take turns, one in four has no call."""
    names = PlainNames(rng)
    turn = 0
    while True:
        if rng.random() < WITHOUT_CALL:
            yield rng.choice((unclear, unclear, beyond))(rng, names)
            continue
        match rng.randrange(20):
            case 0 | 1 | 2 | 3 | 4 | 5 | 6:
                yield Draft(sample=simple(rng, names, TOOLS[turn % len(TOOLS)]))
                turn += 1
            case 7 | 8 | 9 | 10:
                yield Draft(sample=parallel(rng, names))
            case 11 | 12:
                yield Draft(sample=contrast_call(rng, names))
            case 13 | 14:
                yield Draft(sample=_answered(rng, names, TOOLS[turn % len(TOOLS)]))
                turn += 1
            case 15 | 16 | 17:
                yield Draft(sample=_chained(rng, names))
            case _:
                yield Draft(sample=_followed(rng, names))


def _result(rng: Random, names: PlainNames, call: ToolCall) -> tuple[str, str]:
    """Return a call's result and the terminal id in it, if it starts one."""
    if call.name == "run_command":
        terminal = names.terminal()
        return started(rng, terminal), terminal
    return result_of(rng, call), ""


def _answered(rng: Random, names: PlainNames, tool: str) -> Sample:
    """Return one call with its result and the reply in words."""
    text, call = MAKERS[tool](rng, names)
    talk = Talk(text)
    result, terminal = _result(rng, names, call)
    talk.step(call, result)
    return talk.end(closing(rng, call, result, terminal=terminal), CATEGORY, "answer")


def _chained(rng: Random, names: PlainNames) -> Sample:
    """Return a command that is started and gone on with, up to one of its turns."""
    made = chain(rng, names)
    talk = Talk(made.text)
    start, *rest = made.steps
    command, status = start.arguments["command"], rng.choice((0, 0, 0, 1))
    turns = rng.randrange(1, len(made.steps) + 1)
    last, result = start, started(rng, made.terminal)
    talk.step(last, result)
    for call in rest[: turns - 1]:
        last, result = call, result_of(rng, call, command=command, status=status)
        talk.step(last, result)
    if turns < len(made.steps):
        return talk.end_call(made.steps[turns], category=CATEGORY)
    return talk.end(closing(rng, last, result, terminal=made.terminal), CATEGORY, "answer")


_NEXT = "(Thanks. |Good. |Now |Next, |Great, now |OK. |||)"


def _followed(rng: Random, names: PlainNames) -> Sample:
    """Return a second request after a first one that is settled."""
    first, one = MAKERS[rng.choice(TOOLS)](rng, names)
    second, two = MAKERS[rng.choice(TOOLS)](rng, names)
    talk = Talk(first)
    result, terminal = _result(rng, names, one)
    talk.step(one, result)
    talk.say(closing(rng, one, result, terminal=terminal))
    lead = said(rng, _NEXT)
    if lead:
        after = second if lead.endswith(".") else second[:1].lower() + second[1:]
        second = f"{lead} {after}"
    talk.ask(second)
    return talk.end_call(two, category=CATEGORY)
