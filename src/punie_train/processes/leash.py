"""Run a module in this process, and die as soon as the process that asked for it is gone.

Started as `python -m punie_train.processes.leash --fd N --parent PID -- MODULE ARGS...`. The parent
alone holds the write end of pipe N, so the kernel closes it however the parent ends, `kill -9`
included. The parent's id is polled as well, in case another process inherited that write end.
Imports nothing outside the standard library.
"""

import os
import runpy
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leash:
    """A parsed command line: the pipe, the parent, and the module with its arguments."""

    fd: int
    parent: int
    module: str
    arguments: tuple[str, ...]


def leashed_argv(command: Sequence[str], *, fd: int, parent: int) -> tuple[str, ...]:
    """Return the argv that runs `command` (a module and its arguments) on a leash.

    With `-P`, so that a directory named `mlx` where the user stands is not taken for the package.
    """
    head = (sys.executable, "-P", "-m", "punie_train.processes.leash")
    return (*head, "--fd", str(fd), "--parent", str(parent), "--", *command)


def parse(arguments: Sequence[str]) -> Leash:
    """Read what `leashed_argv` wrote; raises ValueError for anything else."""
    match list(arguments):
        case ["--fd", fd, "--parent", parent, "--", module, *rest]:
            return Leash(fd=int(fd), parent=int(parent), module=module, arguments=tuple(rest))
        case _:
            raise ValueError("usage: leash --fd N --parent PID -- MODULE ARGS...")


def kill_own_group() -> None:
    """Kill this process and, when it leads a process group, the whole group."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until_orphaned(leash: Leash, *, poll_seconds: float = POLL_SECONDS) -> None:
    """Block until the pipe is closed or this process has another parent."""
    pipe = select.poll()
    pipe.register(leash.fd, select.POLLIN)
    while os.getppid() == leash.parent:
        if pipe.poll(poll_seconds * 1000) and not os.read(leash.fd, 1):
            return


def watch(leash: Leash, on_orphaned: Callable[[], None] = kill_own_group) -> threading.Thread:
    """Start the thread that calls `on_orphaned` once the parent is gone."""

    def guard() -> None:
        wait_until_orphaned(leash)
        on_orphaned()

    thread = threading.Thread(target=guard, name="leash", daemon=True)
    thread.start()
    return thread


def main(arguments: Sequence[str]) -> None:
    """Watch the parent and run the module as `__main__`."""
    leash = parse(arguments)
    watch(leash)
    sys.argv = [leash.module, *leash.arguments]
    runpy.run_module(leash.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
