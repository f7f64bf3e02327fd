"""Run a module to its end, for a bounded time, and return what it printed."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.processes.child import Child

LONGEST_OUTPUT = 16 * 1024 * 1024
"""Bytes of each stream that are read; the rest is left out."""

_STOP_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a child ended: `status` is negative for a signal, None when its time was over."""

    status: int | None
    output: str
    errors: str


def run(
    command: Sequence[str], *, cwd: Path, seconds: float, env: Mapping[str, str] | None = None
) -> Finished:
    """Run `command` (a module and its arguments) in `cwd`; after `seconds` its group is killed.

    Raises OSError when it cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="punie-train-run-") as name:
        output, errors = Path(name) / "output", Path(name) / "errors"
        child = Child.start(command, log_path=errors, output_path=output, cwd=cwd, env=env)
        try:
            status = child.wait(seconds)
        finally:
            child.stop(_STOP_SECONDS)
        return Finished(status=status, output=_read(output), errors=_read(errors))


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(LONGEST_OUTPUT).decode("utf-8", errors="replace")
