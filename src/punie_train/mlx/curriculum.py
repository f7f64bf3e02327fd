"""The order of the batches of a run that goes from easy to hard. Pure."""

import random
from collections.abc import Sequence


def batches_by_difficulty(difficulty: Sequence[int], batch_size: int) -> list[list[int]]:
    """Return whole batches of row indices, easiest first; equally hard rows keep their order.

    Rows that do not fill the last batch are left out, and these are the easiest.
    """
    order = sorted(range(len(difficulty)), key=lambda index: difficulty[index])
    order = order[len(order) % batch_size :]
    return [order[start : start + batch_size] for start in range(0, len(order), batch_size)]


def curriculum(batches: int, iterations: int, seed: int) -> list[int]:
    """Return the number of the batch of each iteration.

    The first pass goes from the easiest to the hardest batch, later ones are shuffled. A run
    shorter than one pass takes evenly spaced batches, so that it comes to the hardest one, too.
    """
    if iterations < batches:
        last = max(iterations - 1, 1)
        return [round(place * (batches - 1) / last) for place in range(iterations)]
    shuffled, order = random.Random(seed), list(range(batches))
    while len(order) < iterations:
        order += shuffled.sample(range(batches), batches)
    return order[:iterations]
