"""How alike rows can be, and from where on they count as near copies."""

from enum import StrEnum

THRESHOLD = 0.8
"""Jaccard index of 5-word runs from which on two rows are near copies."""


class Likeness(StrEnum):
    """How alike two rows are; each includes the ones before it."""

    EXACT = "exact"
    NORMALIZED = "normalized"
    NEAR = "near"
