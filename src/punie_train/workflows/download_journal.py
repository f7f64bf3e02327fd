"""What a download has received so far, on disk row by row, so that a killed one goes on.

A line of JSON for every row that came, in the order of the source: `{"kept": EXAMPLE}`,
`{"removed": REASON, "example": ROW}`, or `{"passed": N}` for N rows that are not asked for.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punie_train.core.errors import UsageError
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.json_lines import to_line

KEPT, REMOVED, PASSED = b'{"kept":', b'{"removed":', b'{"passed":'
PASSED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A row of the source, by its number from 1: its `example`, or the `reason` it has none.

    `example` and `row` are lines of JSON without a line feed.
    """

    number: int
    example: bytes | None = None
    reason: str | None = None
    row: bytes = b""


class DownloadJournal:
    """The file beside an output directory, until the dataset stands there; a context manager.

    `read` counts the rows of the source, `kept`, `removed` and `passed` what became of them;
    `head` is what was known when the download began. A journal without rows leaves no file.
    """

    def __init__(self, output: Path, head: Mapping[str, Any]) -> None:
        """Open the file and count what it holds; a torn last line is dropped.

        Raises UsageError when it belongs to another source, DatasetError when it cannot be opened.
        """
        self.path = output.parent / f".{output.name}.download.jsonl"
        self.kept = self.removed = self.passed = 0
        self._waiting = 0
        self.resumed = self.path.is_file() and self.path.stat().st_size > 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("r+b" if self.path.exists() else "w+b", buffering=0)
        except OSError as error:
            raise _not_written(self.path, error) from error
        try:
            self.head = self._begin(head)
        except OSError as error:
            self._file.close()
            raise _not_written(self.path, error) from error
        except UsageError:
            self._file.close()
            raise

    @property
    def read(self) -> int:
        """Return how many rows of the source were dealt with."""
        return self.kept + self.removed + self.passed

    def keep(self, example: bytes) -> None:
        """Add a row that became an example, given as a line of JSON."""
        self._add(KEPT + example + b"}")
        self.kept += 1

    def remove(self, reason: str, row: Mapping[str, Any]) -> None:
        """Add a row that cannot be an example, with the reason."""
        self._add(REMOVED + to_line(reason) + b',"example":' + _shown(row) + b"}")
        self.removed += 1

    def pass_over(self) -> None:
        """Count a row that is not asked for; a killed download may read it again."""
        self._waiting += 1
        self.passed += 1
        if self._waiting >= PASSED_AT_ONCE:
            self._write_passed()

    def received(self) -> Iterator[Received]:
        """Yield the rows that were kept or removed, in the order of the source."""
        self._write_passed()
        number = 0
        with self.path.open("rb") as file:
            next(file)
            for line in file:
                if line.startswith(PASSED):
                    number += json.loads(line)["passed"]
                    continue
                number += 1
                if line.startswith(KEPT):
                    yield Received(number=number, example=line[len(KEPT) : -2])
                    continue
                value = json.loads(line)
                row = to_line(value["example"])
                yield Received(number=number, reason=value["removed"], row=row)

    def delete(self) -> None:
        """Remove the file; what it holds is worth nothing any more."""
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._write_passed()
        self._file.close()
        if self.read == 0:
            self.delete()

    def _begin(self, head: Mapping[str, Any]) -> Mapping[str, Any]:
        first = self._file.readline()
        if not first.endswith(b"\n"):
            self.resumed = False
            self._file.seek(0)
            self._file.truncate()
            self._add(to_line(dict(head)))
            return head
        found = _read_head(first)
        if {key: found.get(key) for key in _SAME} != {key: head.get(key) for key in _SAME}:
            raise UsageError(
                f"{self.path} holds an unfinished download of {str(found.get('source'))[:60]}",
                "rows of two sources would be mixed",
                "Repeat that command, give another --output, or --restart to drop it.",
            )
        with self.path.open("rb") as file:
            end = len(next(file))
            for line in file:
                if not line.endswith(b"\n"):
                    break
                end += len(line)
                self._count(line)
        self._file.truncate(end)
        self._file.seek(end)
        return found

    def _count(self, line: bytes) -> None:
        if line.startswith(KEPT):
            self.kept += 1
        elif line.startswith(REMOVED):
            self.removed += 1
        else:
            self.passed += json.loads(line)["passed"]

    def _write_passed(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, 0
            self._write(PASSED + str(waiting).encode() + b"}")

    def _add(self, line: bytes) -> None:
        self._write_passed()
        self._write(line)

    def _write(self, line: bytes) -> None:
        piece = memoryview(line + b"\n")
        try:
            while piece:
                piece = piece[self._file.write(piece) :]
        except OSError as error:
            raise _not_written(self.path, error) from error


_SAME = ("source", "repository", "config", "split", "asked_revision")


def drop_journal(output: Path) -> None:
    """Forget an unfinished download into a directory."""
    (output.parent / f".{output.name}.download.jsonl").unlink(missing_ok=True)


def _read_head(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _shown(row: Mapping[str, Any]) -> bytes:
    """Return a row as JSON; what JSON cannot hold stands in it as text."""
    try:
        return json.dumps(dict(row), default=repr, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return json.dumps({"repr": repr(row)}).encode()


def _not_written(path: Path, error: OSError) -> DatasetError:
    return DatasetError(
        f"{path} cannot be written ({os.strerror(error.errno or 0)})",
        "the download cannot be kept",
        "Make room, or give another --output; the same command goes on where it stopped.",
        failure="F56",
    )
