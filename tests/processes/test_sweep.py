"""The sweep: orphans of ours are killed, everybody else is left alone."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from punie_train.processes.leash import leashed_argv
from punie_train.processes.sweep import ProcessRecord, forget, read_record, record, sweep

GONE = 2**22 - 3


@pytest.fixture
def leashed() -> Iterator[subprocess.Popen[bytes]]:
    """Return a process that looks like a child of ours."""
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        leashed_argv(("http.server", "0"), fd=read_end, parent=os.getpid()),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(read_end,),
        start_new_session=True,
    )
    yield process
    process.kill()
    process.wait()
    os.close(read_end)
    os.close(write_end)


def _entry(process: subprocess.Popen[bytes], **changes: float) -> ProcessRecord:
    values = {
        "pid": process.pid,
        "started": psutil.Process(process.pid).create_time(),
        "runner": GONE,
        "runner_started": 1.0,
        **changes,
    }
    return ProcessRecord(
        pid=int(values["pid"]),
        started=values["started"],
        runner=int(values["runner"]),
        runner_started=values["runner_started"],
        command=("http.server",),
    )


def _write(state: Path, entry: ProcessRecord) -> Path:
    path = state / "processes" / f"{entry.pid}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(entry)))
    return path


def test_orphan_is_killed(state: Path, leashed: subprocess.Popen[bytes]) -> None:
    """A child of ours whose runner is gone is killed, and its record with it."""
    path = _write(state, _entry(leashed))
    assert [entry.pid for entry in sweep()] == [leashed.pid]
    assert leashed.wait(10) == -9
    assert not path.exists()


@pytest.mark.parametrize("runner_lives", [True, False], ids=["runner lives", "another process"])
def test_others_are_left_alone(
    state: Path, leashed: subprocess.Popen[bytes], runner_lives: bool
) -> None:
    """A child whose runner lives stays recorded; a reused process id is nobody of ours."""
    me = psutil.Process()
    living = {"runner": me.pid, "runner_started": me.create_time()}
    path = _write(state, _entry(leashed, **(living if runner_lives else {"started": 1.0})))
    assert sweep() == ()
    assert leashed.poll() is None
    assert path.exists() is runner_lives


def test_process_without_a_leash_is_left_alone(state: Path) -> None:
    """A process that is not on a leash is not killed, whatever the record says."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        _write(state, _entry(process))
        assert sweep() == ()
        assert process.poll() is None
        process.communicate(b"\n")


def test_unreadable_record_is_removed(state: Path) -> None:
    """A file that is no record is cleared away."""
    path = state / "processes" / "1.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert sweep() == ()
    assert not path.exists()


def test_record_and_forget(state: Path, leashed: subprocess.Popen[bytes]) -> None:
    """A record names the child and this process, and is gone when forgotten, twice too."""
    record(leashed.pid, ("http.server", "0"))
    entry = read_record(state / "processes" / f"{leashed.pid}.json")
    assert entry is not None
    assert (entry.pid, entry.runner, entry.command) == (
        leashed.pid,
        os.getpid(),
        ("http.server", "0"),
    )
    forget(leashed.pid)
    forget(leashed.pid)
    assert list((state / "processes").iterdir()) == []


def test_ended_child_leaves_no_record(state: Path) -> None:
    """A child that ended before it could be written down is not."""
    record(GONE, ("http.server",))
    assert not (state / "processes").exists()
