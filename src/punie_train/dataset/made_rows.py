"""Rows of a wanted length, made from nothing: to measure with, not to learn from."""

import random
from collections.abc import Callable, Iterator
from typing import Any

_SYLLABLES = tuple(f"{head}{vowel}" for head in "bdfgklmnprstv" for vowel in "aeiou")


def made_rows(
    count: int, tokens: int, *, length: Callable[[str], int], seed: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield conversations of one question and one answer, of about `tokens` tokens each.

    `length` returns the number of tokens of a text. A chat template adds its own.
    """
    draw = random.Random(seed)
    sample = _words(draw, 200)
    per_word = max(length(" ".join(sample)), 1) / len(sample)
    words = max(2, round(tokens / per_word))
    for _ in range(count):
        made = _words(draw, words)
        asked = max(1, words // 4)
        yield {
            "messages": [
                {"role": "user", "content": " ".join(made[:asked])},
                {"role": "assistant", "content": " ".join(made[asked:])},
            ]
        }


def _words(draw: random.Random, count: int) -> list[str]:
    return ["".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(count)]
