"""How many rows of each dataset a merge takes, so that their shares are those asked for."""

import math
import random
import re
from collections.abc import Sequence
from fractions import Fraction

from punie_train.core.errors import UsageError

_NUMBER = re.compile(r"[0-9./]{1,40}(?:e[-+]?[0-9]{1,2})?", re.IGNORECASE)
"""What may be a number: larger exponents would be digits without end in an exact fraction."""


def parse_weights(text: str, datasets: int) -> tuple[Fraction, ...]:
    """Return weights such as `0.7,0.3` as exact shares with the sum 1; raises UsageError."""
    try:
        weights = tuple(map(_weight, text.split(",")))
    except (ValueError, ZeroDivisionError):
        weights = ()
    if not weights or any(weight <= 0 for weight in weights):
        raise UsageError(
            f"--weights {text[:60]} is no list of numbers above 0",
            "it is not clear how much to take of each dataset",
            "Give one number for each dataset, such as 0.7,0.3.",
        )
    if len(weights) != datasets:
        raise UsageError(
            f"--weights has {len(weights)} number{'s' * (len(weights) != 1)} for {datasets} "
            f"dataset{'s' * (datasets != 1)}",
            "it is not clear how much to take of each",
            "Give one number for each dataset, in their order.",
        )
    whole = sum(weights)
    return tuple(weight / whole for weight in weights)


def _weight(text: str) -> Fraction:
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    return Fraction(text.strip())


def shares_taken(sizes: Sequence[int], weights: Sequence[Fraction]) -> tuple[int, ...]:
    """Return how many rows to take of each dataset: as many as can be, none of them twice.

    Each number is within one row of its weight times the sum (largest remainder, Hamilton's
    method). A dataset without rows is left out and the weights of the others stand for the whole.
    """
    there = [index for index, size in enumerate(sizes) if size]
    whole = sum(weights[index] for index in there)
    shares = {index: weights[index] / whole for index in there}
    total = min((math.floor(sizes[index] / shares[index]) for index in there), default=0)
    taken = [math.floor(shares.get(index, 0) * total) for index in range(len(sizes))]
    by_remainder = sorted(there, key=lambda index: (taken[index] - shares[index] * total, index))
    for index in by_remainder[: total - sum(taken)]:
        taken[index] += 1
    return tuple(taken)


def drawn(size: int, number: int, seed: str) -> bytearray:
    """Return for each of `size` rows 1 if it is one of `number` drawn ones, else 0."""
    marks = bytearray(size)
    for index in random.Random(seed).sample(range(size), number):
        marks[index] = 1
    return marks


def mixed_order(taken: Sequence[int], seed: str) -> list[int]:
    """Return from which dataset each row of a merge comes, evenly mixed at random."""
    order = [index for index, number in enumerate(taken) for _ in range(number)]
    random.Random(seed).shuffle(order)
    return order
