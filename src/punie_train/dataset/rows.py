"""Rows as they stand in a file: bytes first, parsed when somebody asks."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec
from msgspec import UNSET, UnsetType

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import DatasetInput, Split
from punie_train.dataset.json_lines import BYTE_ORDER_MARK, UnreadableLineError, parse_line
from punie_train.dataset.plain_rows import PlainRow, parse_plain, read_plain

BLOCK = 1 << 20
"""Bytes read at once; memory holds one block, or the longest line."""
_LINE_FEED = 0x0A


class Row(msgspec.Struct, gc=False):
    """One line without its line feed, its split, and its number (from 1).

    `sound` and `messages` are what is known of it beforehand: whether it surely breaks no rule, and
    its number of messages; None where that is unknown.
    """

    raw: bytes
    split: Split
    line: int
    _plain: PlainRow | UnsetType | None = UNSET
    _value: dict[str, Any] | None = None
    sound: bool | None = None
    messages: int | None = None

    @property
    def plain(self) -> PlainRow | None:
        """Return the row if it is a chat of the common shape, which is read faster than `value`.

        None also for rows that are known to have something odd: `value` will be asked for.
        """
        if self._plain is UNSET:
            self._plain = None if self.sound is False else read_plain(self.raw)
        return self._plain

    @property
    def value(self) -> dict[str, Any]:
        """Return the JSON object, parsed once; raises UnreadableLineError."""
        if self._value is None:
            self._value = parse_line(self.raw)
        return self._value

    @property
    def shared_value(self) -> dict[str, Any]:
        """Return the JSON object, with one list of tools for all rows that offer the same ones.

        It must not be changed. Raises UnreadableLineError.
        """
        if self._value is None and self.plain is not None:
            self._value = parse_plain(self.raw)
        return self.value

    @property
    def message_count(self) -> int:
        """Return the number of messages; of `text` rows those that ChatML marks.

        Raises UnreadableLineError.
        """
        if self.messages is None:
            plain = self.plain
            self.messages = count_messages(self.value) if plain is None else len(plain.messages)
        return self.messages

    @property
    def unreadable(self) -> str | None:
        """Return in words why the line holds no JSON object, or None."""
        if not self.sound and self.plain is None:
            try:
                self._value = parse_line(self.raw)
            except UnreadableLineError as error:
                return error.fact
        return None

    def replaced(self, raw: bytes) -> "Row":
        """Return a row with other bytes in the same place."""
        return row_of(raw, self.split, self.line)


class Run(msgspec.Struct, gc=False):
    """Whole lines one after another, all of which surely break no rule.

    `raw` is their bytes without the last line feed; `line` is the number of the first.
    """

    raw: bytes
    split: Split
    line: int
    rows: int


def row_of(raw: bytes, split: Split, line: int) -> Row:
    """Return the row of a line given without its line feed."""
    return Row(raw, split, line)


def place_of(row: Row) -> str:
    """Return file name and line of a row, as `train.jsonl:3`; no two rows of a dataset share it."""
    return f"{row.split.path.name}:{row.line}"


def count_messages(value: dict[str, Any]) -> int:
    """Return the number of messages of a row in any format; 0 where there are none."""
    match value:
        case {"messages": list(messages)}:
            return len(messages)
        case {"prompt": _, "completion": _}:
            return 2
        case {"text": str(text)}:
            return text.count("<|im_start|>") or int(bool(text))
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
    with opened(split.path) as file:
        file.seek(len(BYTE_ORDER_MARK) if starts_with_mark(split.path) else 0)
        for number, line in enumerate(file, start=1):
            raw = line[:-1] if line[-1] == _LINE_FEED else line
            yield Row(raw, split, number)


def starts_with_mark(path: Path) -> bool:
    """Say whether a file starts with a byte order mark; raises DatasetError."""
    with opened(path) as file:
        return file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK


@contextmanager
def opened(path: Path) -> Generator[IO[bytes]]:
    """Open a file of rows for reading; raises DatasetError, also while it is read."""
    try:
        with path.open("rb", buffering=BLOCK) as file:
            yield file
    except OSError as error:
        raise DatasetError(
            f"{path} cannot be read ({error.strerror})",
            "its rows would be lost",
            "Give readable files.",
        ) from error
