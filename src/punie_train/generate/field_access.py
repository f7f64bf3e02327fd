"""Rows in code mode: values, items, conditions and several results, over every field there is."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from punie_train.generate.drafts import Draft
from punie_train.generate.plain_names import PlainNames
from punie_train.starter.grammar.conditionals import conditional
from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.requests import about_one
from punie_train.starter.grammar.samples import Sample
from punie_train.starter.grammar.workflows import multi_step

CHOICE = 4
"""Samples that one is chosen from: the one whose fields were read least so far."""

Maker = Callable[[Random, Names], Sample]

MAKERS: tuple[Maker, ...] = (
    lambda rng, names: about_one(rng, names, "field_access"),
    lambda rng, names: about_one(rng, names, "iteration"),
    conditional,
    multi_step,
)
"""One maker for each category; they take turns."""


def field_access(rng: Random) -> Iterator[Draft]:
    """Yield drafts without end, the four categories in turn."""
    names = PlainNames(rng)
    read: Counter[str] = Counter()
    while True:
        for maker in MAKERS:
            sample = least_read([maker(rng, names) for _ in range(CHOICE)], read)
            read.update(sample.fields)
            yield Draft(sample=sample)


def least_read(samples: list[Sample], read: Counter[str]) -> Sample:
    """Return the sample that reads the field that was read least; the first one of several."""
    return min(samples, key=lambda sample: min((read[f] for f in sample.fields), default=10**9))
