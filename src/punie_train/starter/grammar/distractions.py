"""Requests as busy people write them: filler words, slips of the fingers, talk around the point.

No template of the grammar holds these words where they stand, so that a model trained on them has
to find the request in the clutter instead of knowing whole sentences by heart. What is to be copied
is never touched.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from random import Random

from punie_train.core.messages import Message
from punie_train.starter.grammar.names import POOLS, Names
from punie_train.starter.grammar.phrasing import sentence
from punie_train.starter.grammar.samples import Sample

SHARE = 0.25
"""The part of the rows that is distracted."""

_FILLERS, _THINGS, _QUALITIES, _DEEDS = (
    tuple(POOLS[key]) for key in ("fillers", "things", "qualities", "deeds")
)
_LINKS = ("now that", "because", "since", "as", "although", "while", "before", "after", "so")
_PLAIN = re.compile(r"[A-Za-z']+")
_LITERAL = re.compile(r'"([^"]*)"')
_KEPT = re.compile(r"`[^`]*`|\"[^\"]*\"|(?<!\w)'[^']*'")


def distracted(rng: Random, names: Names, sample: Sample) -> Sample:
    """Return the sample with clutter in what the user said last; its answer stays the same."""
    index = max(n for n, message in enumerate(sample.history) if message.role == "user")
    text = sample.history[index].content
    if "\n" in text or not text:
        return sample
    kept = tuple(_copied(sample))
    if rng.random() < 0.7:
        text = _filled(rng, names, text, kept)
    if rng.random() < 0.3:
        text = _slipped(rng, text, kept)
    if rng.random() < 0.4:
        text = _surrounded(rng, text, kept)
    history = list(sample.history)
    history[index] = Message(role="user", content=text)
    return replace(sample, history=tuple(history))


def _copied(sample: Sample) -> Iterable[str]:
    for one in (*sample.calls, *(one for turn in sample.history for one in turn.tool_calls)):
        for value in one.arguments.values():
            yield from (part for part in (value, *_LITERAL.findall(value)) if part)
    yield from (path for _, path in sample.typed)


def _plain_words(text: str, kept: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where words stand that may change: letters only, apart from what is copied."""
    spans = [match.span() for match in _KEPT.finditer(text)]
    for value in kept:
        spans += [match.span() for match in re.finditer(re.escape(value), text)]
    found = []
    for match in re.finditer(r"\S+", text):
        start, end = match.span()
        if any(start < high and low < end for low, high in spans):
            continue
        if _PLAIN.fullmatch(match[0].rstrip(",.;:?!")):
            found.append((start, end))
    return found


def _filled(rng: Random, names: Names, text: str, kept: tuple[str, ...]) -> str:
    """Return the text with some words that say nothing, each between two plain words."""
    words = _plain_words(text, kept)
    gaps = [two[0] for one, two in pairwise(words) if one[1] + 1 == two[0]]
    chosen = rng.sample(gaps, k=min(len(gaps), rng.choice((1, 1, 2, 3))))
    for place in sorted(chosen, reverse=True):
        filler = rng.choice(_FILLERS)
        if rng.random() < 0.25:
            filler = f"{filler} {rng.choice(_FILLERS)}"
        if rng.random() < 0.15:
            filler = f"the {rng.choice(_QUALITIES)} {rng.choice(_THINGS)}"
        if rng.random() < 0.1:
            filler = re.sub(r"[^a-z]", "", names.word().lower()) or filler
        if rng.random() < 0.2:
            filler = f"{filler},"
        text = f"{text[:place]}{filler} {text[place:]}"
    return text


def _slipped(rng: Random, text: str, kept: tuple[str, ...]) -> str:
    """Return the text with one word mistyped: a letter left out, doubled or swapped."""
    words = [(a, b) for a, b in _plain_words(text, kept) if b - a > 4]
    if not words:
        return text
    start, end = rng.choice(words)
    at = rng.randrange(start + 1, end - 2)
    match rng.randrange(3):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at] + text[at:]
        case _:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _surrounded(rng: Random, text: str, kept: tuple[str, ...]) -> str:
    """Return the text with talk before or after it that asks for nothing."""
    talk = f"{rng.choice(('the', 'my', 'our', 'this', 'that'))} "
    if rng.random() < 0.5:
        talk += f"{rng.choice(_QUALITIES)} "
    talk += f"{rng.choice(_THINGS)} {rng.choice(_DEEDS)}"
    closed = text.endswith((".", "?", "!")) and not text.endswith(kept or ("\0",))
    match rng.randrange(4):
        case 0 | 1 if closed:
            return f"{text} {sentence(talk)}."
        case 2:
            return f"{sentence(rng.choice(_LINKS))} {talk}, {_lowered(text, kept)}"
        case 3 if closed and not text.endswith("?"):
            return f"{text.rstrip('.!')} {rng.choice(_LINKS)} {talk}."
        case _:
            return f"{sentence(talk)}. {text}"


def _lowered(text: str, kept: tuple[str, ...]) -> str:
    """Return the text without its first capital, unless that is part of what is copied."""
    if text.startswith(("I ", "I'", *kept)):
        return text
    return text[:1].lower() + text[1:]
