"""Which packages are installed, in which version: another version may answer otherwise."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version


def installed(packages: Sequence[str]) -> tuple[str, ...]:
    """Return `name version` for each package that is installed."""
    found = []
    for name in packages:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return tuple(found)
