"""One of several ways to say something."""

from collections.abc import Mapping
from random import Random

from punie_train.starter.grammar.phrasing import phrase


def said(rng: Random, ways: str, slots: Mapping[str, str] | None = None) -> str:
    """Return one reading of a phrase template whose ways are separated by `|` at its top."""
    return phrase(rng, f"({ways})", slots)
