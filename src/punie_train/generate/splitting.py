"""Splits in which variants of one row stay together."""

from collections.abc import Sequence
from random import Random

from punie_train.generate.made import MadeRow

SHARE = 0.1
"""The share of the rows in each of valid and test, as near as whole groups allow."""


def split_rows(rows: Sequence[MadeRow], seed: int) -> dict[str, list[MadeRow]]:
    """Return the rows by split, in their order; no variant of a row is in another split.

    valid and test get groups in random order while these fit, and at least one group each where
    there are three groups or more.
    """
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(rows):
        groups.setdefault(one.variant, []).append(number)
    order = sorted(groups)
    Random(f"split {seed}").shuffle(order)
    room = max(1, round(len(rows) * SHARE)) if len(groups) > 2 else 0
    order.sort(key=lambda name: len(groups[name]) > room)
    where = ["train"] * len(rows)
    for split in ("valid", "test"):
        left = room
        for name in list(order):
            if left <= 0:
                break
            if len(groups[name]) <= left or left == room:
                left -= len(groups[name])
                order.remove(name)
                for number in groups[name]:
                    where[number] = split
    found: dict[str, list[MadeRow]] = {"train": [], "valid": [], "test": []}
    for one, split in zip(rows, where, strict=True):
        found[split].append(one)
    return {split: members for split, members in found.items() if members}
