"""A child that answers one line of input with one block of bytes, until its input ends.

It lives no longer than its parent: when that goes, however it goes, the pipe is closed.
"""

import contextlib
import select
import subprocess
import sys
from collections.abc import Sequence

LENGTH_BYTES = 4
"""A block is preceded by its length, big-endian."""


class Helper:
    """A running module of Python that is asked by lines; answers come in the order of questions.

    A helper that has died answers None. Raises OSError when it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Start `python -m` with a module and its arguments."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )

    @property
    def pid(self) -> int:
        """Return the id of the process."""
        return self._process.pid

    def ask(self, question: bytes) -> None:
        """Send one line, given without a line feed; too few must be open to fill a pipe."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                left = memoryview(question + b"\n")
                while left:
                    left = left[self._process.stdin.write(left) :]

    def has_answered(self) -> bool:
        """Say whether `answer` would return at once."""
        return bool(self._process.stdout and select.select([self._process.stdout], [], [], 0)[0])

    def answer(self) -> bytes | None:
        """Wait for the next block and return it; None when the helper is gone."""
        head = self._read(LENGTH_BYTES)
        return None if head is None else self._read(int.from_bytes(head, "big"))

    def _read(self, size: int) -> bytes | None:
        read = b""
        while len(read) < size:
            piece = self._process.stdout.read(size - len(read)) if self._process.stdout else b""
            if not piece:
                return None
            read += piece
        return read

    def kill(self) -> None:
        """End the process: who waits for an answer gets None."""
        self._process.kill()

    def close(self) -> None:
        """End the process when nobody waits for it any more; twice is fine."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
