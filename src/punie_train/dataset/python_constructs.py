"""Pieces of Python syntax, the versions that know them, and what a text with several needs."""

from collections.abc import Iterable
from dataclasses import dataclass

Version = tuple[int, int]

PYTHON_TWO: Version = (2, 7)
OLDEST_THREE: Version = (3, 6)
NEWEST: Version = (3, 15)
"""The versions told apart: 2.7, then 3.6 to 3.15. What 3.0 to 3.5 brought counts as 3.6."""


MEANT_ANEW: Version = (3, 14)
"""From here on `except E, e:` compiles again, and catches both instead of binding the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Construct:
    """A piece of syntax in a text: its line (from 1) and the first and last version that know it.

    `again` is a later version that knows it too, with another meaning.
    """

    name: str
    line: int
    since: Version = PYTHON_TWO
    until: Version = NEWEST
    again: Version | None = None

    def known_to(self, version: Version) -> bool:
        """Return whether that version compiles it."""
        if self.since <= version <= self.until:
            return True
        return self.again is not None and version >= self.again


ALL_VERSIONS: tuple[Version, ...] = (
    PYTHON_TWO,
    *((3, minor) for minor in range(OLDEST_THREE[1], NEWEST[1] + 1)),
)


def versions_of(constructs: Iterable[Construct]) -> tuple[Version, ...]:
    """Return the versions, oldest first, that know every one of the constructs."""
    found = tuple(constructs)
    return tuple(
        version for version in ALL_VERSIONS if all(each.known_to(version) for each in found)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """A habit: its line (from 1), and the version that replaced it by something better.

    Where `runs` is false, versions from there on compile it but cannot run it.
    """

    name: str
    line: int
    replaced: Version
    runs: bool = True
