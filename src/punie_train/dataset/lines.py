"""The lines of a JSONL file, as bytes; only a line feed ends a line."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from punie_train.dataset.errors import DatasetError, row_error

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line without its line feed, and where it stands (`number` counts from 1)."""

    path: Path
    number: int
    raw: bytes


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the lines of a file as they are.

    Raises DatasetError with file and line for a byte order mark or a blank line, and when the
    file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                yield Line(path=path, number=number, raw=_checked(path, number, raw))
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read ({error.strerror})",
            "there are no examples to train on",
            "Give a readable JSONL file or a directory with train.jsonl.",
        ) from error


def digest(paths: tuple[Path, ...]) -> str:
    """Return the hexadecimal SHA-256 over names and contents of files, in the given order."""
    total = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            total.update(
                f"{path.name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode()
            )
    return total.hexdigest()


def _checked(path: Path, number: int, raw: bytes) -> bytes:
    if number == 1 and raw.startswith(BYTE_ORDER_MARK):
        raise row_error(
            path,
            number,
            "the file starts with a byte order mark",
            "the trainer cannot read its first row",
            "Save it as UTF-8 without a byte order mark.",
        )
    text = raw.removesuffix(b"\n")
    if not text.strip():
        raise row_error(
            path,
            number,
            "blank line",
            "the trainer stops at it",
            "Remove the line: one JSON object per line, nothing between.",
        )
    return text
