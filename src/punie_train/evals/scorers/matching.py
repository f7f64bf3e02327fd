"""Maximum matching of what was expected to what came."""

from collections.abc import Callable, Sequence
from typing import TypeVar

E = TypeVar("E")
A = TypeVar("A")


def match_up(
    expected: Sequence[E], actual: Sequence[A], same: Callable[[E, A], bool]
) -> tuple[int | None, ...]:
    """Return for every expected element the index of its own actual element, or None.

    The matching is a largest one (augmenting paths, Kuhn 1955), so that one expectation with
    alternatives never takes the only element that suits another.
    """
    suits = [[i for i, item in enumerate(actual) if same(wanted, item)] for wanted in expected]
    owner: dict[int, int] = {}

    def give(wanted: int, tried: set[int]) -> bool:
        for index in suits[wanted]:
            if index not in tried:
                tried.add(index)
                if index not in owner or give(owner[index], tried):
                    owner[index] = wanted
                    return True
        return False

    for wanted in range(len(expected)):
        give(wanted, set())
    by_wanted = {wanted: index for index, wanted in owner.items()}
    return tuple(by_wanted.get(wanted) for wanted in range(len(expected)))
