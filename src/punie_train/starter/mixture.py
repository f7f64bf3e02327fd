"""Streams of samples from the grammar: the base corpus and the adapters' data."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from punie_train.starter.grammar.agent_calls import simple
from punie_train.starter.grammar.chains import chained, copied
from punie_train.starter.grammar.closings import closings
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.contrasts import contrast_call
from punie_train.starter.grammar.direct import chat, contrast, function, script, topic
from punie_train.starter.grammar.distractions import SHARE, distracted
from punie_train.starter.grammar.either_or import either_or
from punie_train.starter.grammar.follow_ups import followed
from punie_train.starter.grammar.hurried import hurried
from punie_train.starter.grammar.joint_fields import joint_fields
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.requests import about_one, bare
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.terminal_stories import terminal_story
from punie_train.starter.grammar.tool_results import answered
from punie_train.starter.grammar.wordings import wording
from punie_train.starter.grammar.workflows import multi_step
from punie_train.starter.rows import BARE_TOOLS, TOOL_ROWS, Style, row

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


_AGENT: tuple[tuple[int, Maker], ...] = (
    (28, simple),
    (9, contrast_call),
    (13, parallel),
    (9, chained),
    (3, copied),
    (9, followed),
    (4, after),
    (3, script),
)
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
        *((weight, maker, Style.FAULTY) for weight, maker in _AGENT),
        *((weight, maker, Style.RIGHT) for weight, maker in _DIRECT),
        (2, after_code, Style.RIGHT),
        *((max(weight // 2, 3), maker, Style.FAULTY) for weight, maker in _CODE),
        *((weight, maker, Style.SNIPPET) for weight, maker in _CODE if maker is not bare),
    )
    makers = [(maker, style) for _, maker, style in pool]
    weights = [weight for weight, _, _ in pool]
    for _ in range(count):
        maker, style = rng.choices(makers, weights)[0]
        sample = _sample(rng, names, maker)
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


ADAPTER_MIXTURES: dict[str, tuple[tuple[int, Maker], ...]] = {
    "v1": (
        (10, simple),
        (3, chained),
        (3, followed),
        (1, after),
        (2, topic),
        (1, function),
        (3, terminal_story),
        (4, hurried),
        (2, wording),
    ),
    "v2": (
        *_AGENT,
        (5, topic),
        (2, contrast),
        (2, chat),
        (2, function),
        (15, terminal_story),
        (12, closings),
        (7, hurried),
        (6, wording),
    ),
    "v3": (
        (12, simple),
        (4, contrast_call),
        (14, parallel),
        (7, chained),
        (2, copied),
        (6, followed),
        (2, after),
        (1, after_code),
        (1, script),
        (5, topic),
        (1, contrast),
        (3, chat),
        (2, function),
        (5, bare),
        (13, value),
        (13, iteration),
        (15, conditional),
        (15, multi_step),
        (10, terminal_story),
        (8, closings),
        (5, hurried),
        (5, wording),
        (13, either_or),
        (11, joint_fields),
    ),
}


def adapter_rows(version: str, seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield rows of an adapter's data, every answer right."""
    rng = Random(f"{version}-{seed}")
    names = Names(rng)
    mixture = ADAPTER_MIXTURES[version]
    makers = [maker for _, maker in mixture]
    weights = [weight for weight, _ in mixture]
    for _ in range(count):
        sample = _sample(rng, names, rng.choices(makers, weights)[0])
        while version == "v1" and _calls_any(sample, BARE_TOOLS):
            sample = _sample(rng, names, rng.choices(makers, weights)[0])
        yield row(sample)


def _calls_any(sample: Sample, tools: frozenset[str]) -> bool:
    turns = (sample.calls, *(message.tool_calls for message in sample.history))
    return any(one.name in tools for calls in turns for one in calls)


def _sample(rng: Random, names: Names, maker: Maker) -> Sample:
    sample = maker(rng, names)
    return distracted(rng, names, sample) if rng.random() < SHARE else sample
