"""Rows as they stand in a file: bytes first, parsed when somebody asks."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import DatasetInput, Split
from punie_train.dataset.json_lines import BYTE_ORDER_MARK, parse_line
from punie_train.dataset.plain_rows import PlainRow, read_plain

BLOCK = 1 << 20
"""Bytes read at once; memory holds one block, or the longest line."""


class Row(msgspec.Struct, gc=False):
    """One line without its line feed, its split, and its number (from 1)."""

    raw: bytes
    split: Split
    line: int
    _value: dict[str, Any] | None = None
    _plain: PlainRow | Literal[False] | None = None

    @property
    def value(self) -> dict[str, Any]:
        """Return the JSON object, parsed once; raises UnreadableLineError."""
        if self._value is None:
            self._value = parse_line(self.raw)
        return self._value

    @property
    def plain(self) -> PlainRow | None:
        """Return the row if it is a chat of the common shape, read faster than `value`."""
        if self._plain is None:
            self._plain = read_plain(self.raw) or False
        return self._plain or None

    @property
    def message_count(self) -> int:
        """Return the number of messages; of `text` rows those that ChatML marks.

        Raises UnreadableLineError.
        """
        if plain := self.plain:
            return len(plain.messages)
        return count_messages(self.value)

    def check_readable(self) -> None:
        """Raise UnreadableLineError if the line holds no JSON object."""
        if not self.plain:
            self.value  # noqa: B018

    def replaced(self, raw: bytes) -> "Row":
        """Return a row with other bytes in the same place."""
        return Row(raw, self.split, self.line)


def count_messages(value: dict[str, Any]) -> int:
    """Return the number of messages of a row in any format; 0 where there are none."""
    match value:
        case {"messages": list(messages)}:
            return len(messages)
        case {"prompt": _, "completion": _}:
            return 2
        case {"text": str(text)}:
            return text.count("<|im_start|>") or bool(text)
        case _:
            return 0


def read_rows(data: DatasetInput) -> Iterator[Row]:
    """Yield every line of every split; raises DatasetError when a file cannot be read.

    Memory is constant. A byte order mark belongs to the file and not to its first row.
    """
    for split in data.splits:
        yield from read_split_rows(split)


def read_split_rows(split: Split) -> Iterator[Row]:
    """Yield every line of one split, blank ones too; raises DatasetError."""
    for line, raw in enumerate(_lines(split.path), start=1):
        yield Row(raw, split, line)


def starts_with_mark(path: Path) -> bool:
    """Say whether a file starts with a byte order mark; raises DatasetError."""
    with _opened(path) as file:
        return file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK


def _lines(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        block = file.read(BLOCK).removeprefix(BYTE_ORDER_MARK)
        parts: list[bytes] = []
        while block:
            first, *rest = block.split(b"\n")
            parts.append(first)
            if rest:
                yield b"".join(parts)
                last = rest.pop()
                yield from rest
                parts = [last]
            block = file.read(BLOCK)
        if last := b"".join(parts):
            yield last


@contextmanager
def _opened(path: Path) -> Generator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read ({error.strerror})",
            "its rows would be lost",
            "Give readable files.",
        ) from error
