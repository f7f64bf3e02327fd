"""JSONL files written in large pieces by a thread, with their number of rows and their hash.

The thread writes, hashes and forces to disk while the next rows are being judged.
"""

import hashlib
import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from punie_train.dataset.errors import DatasetError

PIECE = 1 << 20
"""Bytes collected before they are written."""
AHEAD = 12
"""Pieces that wait in memory while the disk is slow."""
SYNC_EVERY = 16 * PIECE


class RowFile:
    """A file that rows are added to; a context manager.

    Raises DatasetError when the disk refuses, at the latest when it is closed.
    """

    def __init__(self, path: Path) -> None:
        """Create the file."""
        self.path, self.rows = path, 0
        try:
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise not_written(path, error) from error
        self._hash = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._size = self._unsynced = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rows")
        self._handed: deque[Future[None]] = deque()

    def add(self, raw: bytes, rows: int = 1) -> None:
        """Add one row, given without a line feed, or several with line feeds between them."""
        self.rows += rows
        self._waiting.append(raw)
        self._size += len(raw)
        if self._size >= PIECE:
            self._hand_over()

    def close(self) -> None:
        """Write what is left and force the file to the disk."""
        try:
            if self._waiting:
                self._hand_over()
            self._wait(0)
            os.fsync(self._file.fileno())
        except OSError as error:
            raise not_written(self.path, error) from error
        finally:
            self._thread.shutdown()
            self._file.close()

    @property
    def sha256(self) -> str:
        """Return the hexadecimal SHA-256 of a closed file."""
        return self._hash.hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return what a manifest says of a closed file."""
        return {"rows": self.rows, "sha256": self.sha256}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wait(self, most: int) -> None:
        """Wait until no more than so many pieces wait."""
        try:
            while len(self._handed) > most:
                self._handed.popleft().result()
        except OSError as error:
            raise not_written(self.path, error) from error

    def _hand_over(self) -> None:
        self._wait(AHEAD)
        piece, self._waiting, self._size = self._waiting, [], 0
        self._handed.append(self._thread.submit(self._write, piece))

    def _write(self, rows: list[bytes]) -> None:
        rows.append(b"")
        piece = memoryview(b"\n".join(rows))
        self._hash.update(piece)
        self._unsynced += len(piece)
        while piece:
            piece = piece[self._file.write(piece) :]
        if self._unsynced >= SYNC_EVERY:
            os.fsync(self._file.fileno())
            self._unsynced = 0


def not_written(path: Path, error: OSError) -> DatasetError:
    """Return the error of a file of a dataset that could not be written."""
    return DatasetError(
        f"{path.name} cannot be written ({error.strerror})",
        "the new dataset is not complete and was left out, an old one is untouched",
        "Make room, or give another --output.",
        failure="F56",
    )
