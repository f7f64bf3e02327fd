"""Records of running children, and the sweep that ends those whose runner is gone."""

import json
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from punie_train.core.json_files import write_json
from punie_train.processes.user_directories import state_directory

LEASH_MODULE = "punie_train.processes.leash"
CLOCK_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRecord:
    """A child and its runner, each by id and start time (seconds since 1970)."""

    pid: int
    started: float
    runner: int
    runner_started: float
    command: tuple[str, ...]


def _records() -> Path:
    return state_directory() / "processes"


def _start_time(pid: int) -> float | None:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            return process.create_time()
    return None


def _same(pid: int, started: float) -> bool:
    now = _start_time(pid)
    return now is not None and abs(now - started) < CLOCK_SECONDS


def record(pid: int, command: Sequence[str]) -> None:
    """Write down a child of this process; a child that ended already leaves no record."""
    if (started := _start_time(pid)) is None:
        return
    entry = ProcessRecord(
        pid=pid,
        started=started,
        runner=os.getpid(),
        runner_started=_start_time(os.getpid()) or 0.0,
        command=tuple(command),
    )
    write_json(_records() / f"{pid}.json", asdict(entry))


def forget(pid: int) -> None:
    """Remove the record of a child that ended; one that cannot be removed is harmless."""
    with suppress(OSError):
        (_records() / f"{pid}.json").unlink(missing_ok=True)


def read_record(path: Path) -> ProcessRecord | None:
    """Return a record, or None when the file is not one."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        fields = json.loads(path.read_text(encoding="utf-8"))
        return ProcessRecord(
            pid=int(fields["pid"]),
            started=float(fields["started"]),
            runner=int(fields["runner"]),
            runner_started=float(fields["runner_started"]),
            command=tuple(fields["command"]),
        )
    return None


def _is_ours(entry: ProcessRecord) -> bool:
    with suppress(psutil.Error):
        return LEASH_MODULE in psutil.Process(entry.pid).cmdline()
    return False


def sweep() -> tuple[ProcessRecord, ...]:
    """Kill children whose runner is gone, and return their records.

    A child counts as ours only if its id, its start time and its command line all fit.
    """
    killed: list[ProcessRecord] = []
    for path in sorted(_records().glob("*.json")):
        entry = read_record(path)
        if entry is not None and _same(entry.runner, entry.runner_started):
            continue
        if entry is not None and _same(entry.pid, entry.started) and _is_ours(entry):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(entry.pid, signal.SIGKILL)
                killed.append(entry)
        with suppress(OSError):
            path.unlink(missing_ok=True)
    return tuple(killed)
