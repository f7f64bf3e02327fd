"""Which files are case files."""

import codecs
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_TOP_KEY = rb"""(?:\A(?:\xef\xbb\xbf)?\s*\{\s*|^(?:\xef\xbb\xbf)?)["']?%s["']?\s*:"""
_SUITE, _CASES = (re.compile(_TOP_KEY % key, re.MULTILINE) for key in (b"suite", b"cases"))
_ASKS = re.compile(rb"\b(?:prompt|messages)\b")


def is_case_file(path: Path) -> bool:
    """Say whether a file is YAML that names a suite, or forgot to and has cases.

    Wherever the name stands, also behind the cases: a suite that is not seen is one that is neither
    asked nor kept out of the training data (F40). What else may be wrong is told by reading it.
    """
    if path.suffix not in {".yaml", ".yml"}:
        return False
    try:
        text = path.read_bytes()
    except OSError:
        return True  # reading it as a suite tells why it cannot be read
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = text.decode("utf-16", "replace").encode()
    return bool(_SUITE.search(text) or (_CASES.search(text) and _ASKS.search(text)))


def case_files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the case files among files and below directories, each once, in order."""
    seen = set()
    for place in places:
        found = sorted(place.rglob("*.y*ml")) if place.is_dir() else [place]
        for path in found:
            there = path.is_file() or path.is_symlink()  # a link that leads nowhere is told
            if there and path.resolve() not in seen and is_case_file(path):
                seen.add(path.resolve())
                yield path
