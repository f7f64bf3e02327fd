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
    owned: dict[int, int] = {}
    for wanted in range(len(expected)):
        reached = _reached(wanted, suits, owner)
        index = next((index for index in reached if index not in owner), None)
        while index is not None:
            giver = reached[index]
            owner[index], owned[giver], index = giver, index, owned.get(giver)
    return tuple(owned.get(wanted) for wanted in range(len(expected)))


def _reached(wanted: int, suits: list[list[int]], owner: dict[int, int]) -> dict[int, int]:
    """Return every element that can be freed for `wanted`, by whom; ends at the first free one."""
    reached: dict[int, int] = {}
    waiting = [wanted]
    for seeker in waiting:
        for index in suits[seeker]:
            if index not in reached:
                reached[index] = seeker
                if index not in owner:
                    return reached
                waiting.append(owner[index])
    return reached
