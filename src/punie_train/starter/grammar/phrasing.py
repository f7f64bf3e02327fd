"""Phrase templates: `(a|b|)` chooses, `{slot}` is filled in verbatim."""

import re
from collections.abc import Mapping
from functools import lru_cache
from random import Random

_SLOT = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=8192)
def _parse(template: str) -> tuple:
    """Return a template as nested alternatives: each a tuple of texts and choice tuples."""
    position = 0

    def sequence(depth: int) -> tuple:
        nonlocal position
        alternatives: list[tuple] = []
        parts: list = []
        text = ""
        while position < len(template):
            char = template[position]
            position += 1
            if char == "(":
                parts += [text, sequence(depth + 1)]
                text = ""
            elif char == "|" and depth:
                alternatives.append((*parts, text))
                parts, text = [], ""
            elif char == ")" and depth:
                break
            else:
                text += char
        alternatives.append((*parts, text))
        return tuple(alternatives)

    return sequence(0)[0]


def _choose(rng: Random, parts: tuple) -> str:
    return "".join(
        part if isinstance(part, str) else _choose(rng, rng.choice(part)) for part in parts
    )


def phrase(rng: Random, template: str, slots: Mapping[str, str] | None = None) -> str:
    """Return one reading of a template, with runs of spaces made one outside of slots.

    A slot's value is never expanded, so that paths and contents may hold any character.
    """
    text = re.sub(r" {2,}", " ", _choose(rng, _parse(template))).strip()
    text = re.sub(r" ([,.?!:;])(?= |$)", r"\1", text)
    values = slots or {}
    return _SLOT.sub(lambda match: values[match[1]], text)


def sentence(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]
