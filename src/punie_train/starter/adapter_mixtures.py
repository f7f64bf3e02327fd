"""What each adapter learns, as a stream of rows.

`grammar.retold` was written by somebody who had not seen the other makers, so that neither base nor
adapters learn one writer's turns of phrase.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

from punie_train.starter.grammar import retold
from punie_train.starter.grammar.agent_calls import simple
from punie_train.starter.grammar.chains import chained, copied
from punie_train.starter.grammar.closings import closings
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.contrasts import contrast_call
from punie_train.starter.grammar.direct import chat, contrast, function, script, topic
from punie_train.starter.grammar.either_or import either_or
from punie_train.starter.grammar.elided import elided
from punie_train.starter.grammar.follow_ups import followed
from punie_train.starter.grammar.hurried import hurried
from punie_train.starter.grammar.joint_fields import joint_fields
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.parallel_calls import parallel
from punie_train.starter.grammar.requests import bare
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.terminal_stories import terminal_story
from punie_train.starter.grammar.twin_files import twin_files
from punie_train.starter.grammar.wordings import wording
from punie_train.starter.grammar.workflows import multi_step
from punie_train.starter.mixture import (
    AGENT,
    Maker,
    after,
    after_code,
    after_story,
    iteration,
    sampled,
    value,
)
from punie_train.starter.rows import BARE_TOOLS, row

ADAPTER_MIXTURES: dict[str, tuple[tuple[int, Maker], ...]] = {
    "v1": (
        (10, simple),
        (3, chained),
        (3, followed),
        (1, after),
        (4, topic),
        (2, chat),
        (1, function),
        (4, script),
        (2, terminal_story),
        (2, retold.terminal_story),
        (2, hurried),
        (2, retold.last_word),
        (1, wording),
        (1, retold.spoken),
    ),
    "v2": (
        *AGENT,
        (5, topic),
        (2, contrast),
        (2, chat),
        (2, function),
        (10, terminal_story),
        (9, retold.terminal_story),
        (8, closings),
        (8, retold.sequence),
        (3, retold.copying),
        (5, hurried),
        (4, retold.last_word),
        (2, after_story),
        (5, wording),
        (4, retold.spoken),
        (6, twin_files),
        (5, script),
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
        (14, conditional),
        (26, multi_step),
        (7, terminal_story),
        (7, retold.terminal_story),
        (6, closings),
        (6, retold.sequence),
        (2, retold.copying),
        (4, hurried),
        (3, retold.last_word),
        (2, after_story),
        (4, wording),
        (4, retold.spoken),
        (10, either_or),
        (9, retold.either_or),
        (11, elided),
        (8, joint_fields),
        (8, retold.several),
        (5, twin_files),
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
        sample = sampled(rng, names, rng.choices(makers, weights)[0])
        while version == "v1" and _calls_any(sample, BARE_TOOLS):
            sample = sampled(rng, names, rng.choices(makers, weights)[0])
        yield row(sample)


def _calls_any(sample: Sample, tools: frozenset[str]) -> bool:
    turns = (sample.calls, *(message.tool_calls for message in sample.history))
    return any(one.name in tools for calls in turns for one in calls)
