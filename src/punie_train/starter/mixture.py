"""The base corpus as a stream of rows: right and faulty calls, code to look at, words."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from punie_train.starter.grammar import retold
from punie_train.starter.grammar.agent_calls import simple
from punie_train.starter.grammar.chains import chained, copied
from punie_train.starter.grammar.closings import closings
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.contrasts import contrast_call
from punie_train.starter.grammar.direct import chat, contrast, function, script, topic
from punie_train.starter.grammar.distractions import SHARE, distracted
from punie_train.starter.grammar.either_or import either_or
from punie_train.starter.grammar.elided import elided
from punie_train.starter.grammar.follow_ups import followed
from punie_train.starter.grammar.hurried import hurried
from punie_train.starter.grammar.joint_fields import joint_fields
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.requests import about_one, bare
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.terminal_stories import terminal_story
from punie_train.starter.grammar.tool_results import answered
from punie_train.starter.grammar.twin_files import twin_files
from punie_train.starter.grammar.wordings import wording
from punie_train.starter.grammar.workflows import multi_step
from punie_train.starter.rows import TOOL_ROWS, Style, row

Maker = Callable[[Random, Names], Sample]


def value(rng: Random, names: Names) -> Sample:
    """Return a question about one value of a result."""
    return about_one(rng, names, "field_access")


def iteration(rng: Random, names: Names) -> Sample:
    """Return a question about the items of a result."""
    return about_one(rng, names, "iteration")


def after(rng: Random, names: Names) -> Sample:
    """Return the closing answer after calls of agent tools."""
    makers: tuple[Maker, ...] = (simple, simple, parallel, script)
    return answered(rng, names, rng.choice(makers)(rng, names))


def after_code(rng: Random, names: Names) -> Sample:
    """Return the closing answer after a call in code mode."""
    makers: tuple[Maker, ...] = (bare, value, iteration)
    return answered(rng, names, rng.choice(makers)(rng, names))


def after_story(rng: Random, names: Names) -> Sample:
    """Return the closing answer after a call that a story or a hurried order asked for."""
    maker = rng.choice((terminal_story, retold.terminal_story, retold.last_word))
    return answered(rng, names, maker(rng, names))


AGENT: tuple[tuple[int, Maker], ...] = (
    (28, simple),
    (9, contrast_call),
    (13, parallel),
    (9, chained),
    (3, copied),
    (9, followed),
    (4, after),
    (3, script),
)
_TOLD: tuple[tuple[int, Maker], ...] = (
    (5, terminal_story),
    (5, retold.terminal_story),
    (7, closings),
    (5, retold.sequence),
    (2, retold.copying),
    (4, hurried),
    (3, retold.last_word),
    (1, after_story),
    (3, wording),
    (3, retold.spoken),
    (5, twin_files),
)
"""Requests to the agent's tools in many more words than `AGENT` has."""
_DIRECT: tuple[tuple[int, Maker], ...] = (
    (8, topic),
    (3, contrast),
    (5, chat),
    (4, function),
)
_CODE: tuple[tuple[int, Maker], ...] = (
    (3, bare),
    (9, value),
    (10, iteration),
    (11, conditional),
    (11, multi_step),
    (6, either_or),
    (6, retold.either_or),
    (7, elided),
    (5, joint_fields),
    (5, retold.several),
)
_SYSTEMS = (
    "You are a helpful assistant.",
    "You are a coding agent.",
    "You are a helpful coding assistant.",
    "You are an agent that calls tools.",
    "Use the tools when they help.",
)


def base_rows(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of the base corpus: right and faulty calls, code to look at, words."""
    rng = Random(f"base-{seed}")
    names = Names(rng)
    pool = (
        *((weight, maker, Style.FAULTY) for weight, maker in (*AGENT, *_TOLD)),
        *((weight, maker, Style.RIGHT) for weight, maker in _DIRECT),
        (2, after_code, Style.RIGHT),
        *((max(weight // 2, 3), maker, Style.FAULTY) for weight, maker in _CODE),
        *((weight, maker, Style.SNIPPET) for weight, maker in _CODE if maker is not bare),
    )
    makers = [(maker, style) for _, maker, style in pool]
    weights = [weight for weight, _, _ in pool]
    for _ in range(count):
        maker, style = rng.choices(makers, weights)[0]
        sample = sampled(rng, names, maker)
        if style is Style.SNIPPET and len(sample.history) > 1:
            style = Style.FAULTY
        yield row(
            sample,
            style,
            rng=rng,
            tools=_offered(rng, sample, style),
            system=rng.choice(_SYSTEMS) if rng.random() < 0.1 else "",
        )


def _offered(rng: Random, sample: Sample, style: Style) -> tuple[dict[str, Any], ...]:
    chance = rng.random()
    free = not sample.calls or style is Style.SNIPPET
    if free and chance < 0.08 and all(not m.tool_calls for m in sample.history):
        return ()
    if chance < 0.9:
        return TOOL_ROWS
    used = {one.name for one in sample.calls}
    used |= {one.name for message in sample.history for one in message.tool_calls}
    chosen = [t for t in TOOL_ROWS if t["function"]["name"] in used or rng.random() < 0.6]
    if rng.random() < 0.4:
        rng.shuffle(chosen)
    return tuple(chosen) or TOOL_ROWS


def sampled(rng: Random, names: Names, maker: Maker) -> Sample:
    """Return a sample of a maker, some of them with clutter in it."""
    sample = maker(rng, names)
    return distracted(rng, names, sample) if rng.random() < SHARE else sample
