"""The leash: what it is started with, and when it lets the child die."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from punie_train.processes.leash import (
    Leash,
    kill_own_group,
    leashed_argv,
    main,
    parse,
    wait_until_orphaned,
    watch,
)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Return the read end and the write end of a pipe."""
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


def test_command_line_is_read_back() -> None:
    """What the builder writes is what the child reads, options of the module included."""
    argv = leashed_argv(("json.tool", "--help", "--"), fd=7, parent=11)
    assert argv[:4] == (sys.executable, "-P", "-m", "punie_train.processes.leash")
    assert parse(argv[4:]) == Leash(fd=7, parent=11, module="json.tool", arguments=("--help", "--"))


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--fd", "1"],
        ["--fd", "1", "--parent", "2", "--"],
        ["--fd", "x", "--parent", "2", "--", "m"],
    ],
    ids=["nothing", "no parent", "no module", "no number"],
)
def test_other_command_lines_are_refused(arguments: list[str]) -> None:
    """Anything else is a ValueError."""
    with pytest.raises(ValueError, match=r"usage|invalid literal"):
        parse(arguments)


def test_closed_pipe_ends_the_wait(pipe: tuple[int, int]) -> None:
    """The wait is over when the last write end is closed."""
    os.close(pipe[1])
    wait_until_orphaned(Leash(fd=pipe[0], parent=os.getppid(), module="m", arguments=()))


def test_another_parent_ends_the_wait(pipe: tuple[int, int]) -> None:
    """The wait is over when the parent is another process, though the pipe is open."""
    wait_until_orphaned(Leash(fd=pipe[0], parent=os.getppid() + 1, module="m", arguments=()))


def test_open_pipe_keeps_waiting(pipe: tuple[int, int]) -> None:
    """While the pipe is open and the parent the same, nobody is killed; then somebody is."""
    orphaned = threading.Event()
    leash = Leash(fd=pipe[0], parent=os.getppid(), module="m", arguments=())
    thread = watch(leash, orphaned.set)
    assert not orphaned.wait(0.1)
    os.close(pipe[1])
    thread.join(10)
    assert orphaned.is_set()


@pytest.mark.parametrize(
    ("group", "killed"),
    [(100, [("group", 100), ("process", 100)]), (99, [("process", 100)])],
    ids=["leads its group", "member of another's"],
)
def test_only_an_own_group_is_killed(
    monkeypatch: pytest.MonkeyPatch, group: int, killed: list[tuple[str, int]]
) -> None:
    """A process that does not lead its group kills itself alone."""
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(os, "getpid", lambda: 100)
    monkeypatch.setattr(os, "getpgrp", lambda: group)
    monkeypatch.setattr(os, "killpg", lambda pid, number: seen.append(("group", pid)))
    monkeypatch.setattr(os, "kill", lambda pid, number: seen.append(("process", pid)))
    kill_own_group()
    assert seen == killed


def test_module_runs_as_main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module sees itself as `__main__` and its own arguments, and the parent is watched."""
    watched: list[Leash] = []
    monkeypatch.setattr("punie_train.processes.leash.watch", watched.append)
    out = tmp_path / "out"
    (tmp_path / "leashed_example.py").write_text(
        "import pathlib, sys\npathlib.Path(sys.argv[1]).write_text(f'{__name__} {sys.argv[2:]}')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["before"])
    main(["--fd", "7", "--parent", "11", "--", "leashed_example", str(out), "--flag"])
    assert [(leash.fd, leash.parent) for leash in watched] == [(7, 11)]
    assert out.read_text() == "__main__ ['--flag']"
