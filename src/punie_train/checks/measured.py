"""What a check measured, whether it passed or not: values with names, rendered elsewhere."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted."""

    name: str
    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Return the share from 0.0 to 1.0, None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and of what; the unit may be empty."""

    name: str
    number: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often each of several labels occurred, the most frequent first."""

    name: str
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What is no number: a format, a place."""

    name: str
    text: str


Measured = Share | Amount | Histogram | Words
