"""One child process on a leash: started, watched, stopped. The only Popen of the project."""

import atexit
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from punie_train.processes.leash import leashed_argv
from punie_train.processes.sweep import forget, record

STOP_SECONDS = 10.0
TAIL_BYTES = 64_000


def tail(path: Path, lines: int) -> str:
    """Return the last `lines` lines of a text file, or "" when there is no file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


class Child:
    """A module that runs in its own session and writes to a log file, never to a pipe."""

    def __init__(self, process: subprocess.Popen[bytes], leash_end: int, log_path: Path) -> None:
        self._process = process
        self._leash_end: int | None = leash_end
        self._group_ended = False
        self._stopping = threading.Lock()
        self.log_path = log_path
        atexit.register(self.stop)

    @classmethod
    def start(
        cls,
        command: Sequence[str],
        *,
        log_path: Path,
        output_path: Path | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> "Child":
        """Run `command` (a module and its arguments) under `env`, by default this process's own.

        Standard output and error are added to `log_path`, or output to `output_path` where that
        is given. Raises OSError when the process or a log cannot be made.
        """
        log_path.parent.mkdir(parents=True, exist_ok=True)
        read_end, write_end = os.pipe()
        argv = leashed_argv(command, fd=read_end, parent=os.getpid())
        try:
            with log_path.open("ab") as log, (output_path or log_path).open("ab") as output:
                process = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=log,
                    cwd=cwd,
                    env={**(os.environ if env is None else env), "PYTHONUNBUFFERED": "1"},
                    pass_fds=(read_end,),
                    start_new_session=True,
                )
        except BaseException:
            os.close(write_end)
            raise
        finally:
            os.close(read_end)
        with contextlib.suppress(OSError):  # the leash holds without the record
            record(process.pid, command)
        return cls(process, write_end, log_path)

    @property
    def pid(self) -> int:
        """Return the process id, which is also the id of its process group."""
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while it runs."""
        status = self._process.poll()
        if status is not None:
            self._end_group()
        return status

    def wait(self, seconds: float | None = None) -> int | None:
        """Wait for the end and return the exit status, or None when `seconds` were not enough."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.poll()

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of the log."""
        return tail(self.log_path, lines)

    def stop(self, seconds: float = STOP_SECONDS) -> int | None:
        """End the group: ask, wait `seconds`, kill; idempotent. Return the exit status."""
        with self._stopping:
            if self.poll() is None:
                self._signal(signal.SIGTERM)
                if self.wait(seconds) is None:
                    self._signal(signal.SIGKILL)
                    self._process.wait()
            status = self.poll()
            if self._leash_end is not None:
                os.close(self._leash_end)
                self._leash_end = None
            atexit.unregister(self.stop)
            return status

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _end_group(self) -> None:
        if not self._group_ended:
            self._group_ended = True
            self._signal(signal.SIGKILL)
            forget(self.pid)
