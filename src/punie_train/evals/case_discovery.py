"""Which files are case files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

HEAD_BYTES = 4096


def is_case_file(path: Path) -> bool:
    """Say whether a file is YAML that begins with the name of a suite."""
    if path.suffix not in {".yaml", ".yml"}:
        return False
    with path.open("rb") as stream:
        return any(line.startswith(b"suite:") for line in stream.read(HEAD_BYTES).splitlines())


def case_files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the case files among files and below directories, each once, in order."""
    seen = set()
    for place in places:
        found = sorted(place.rglob("*.y*ml")) if place.is_dir() else [place]
        for path in found:
            if path.is_file() and path.resolve() not in seen and is_case_file(path):
                seen.add(path.resolve())
                yield path
