"""Children: their log, their end, and the end of what they started."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from punie_train.processes.child import Child, tail

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
FAMILY = (
    "import subprocess, sys, time\n"
    "kid = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('up', kid.pid, flush=True)\n"
)


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a module that runs the code given as its first argument."""
    (tmp_path / "runs_code.py").write_text("import sys\nexec(sys.argv[1])\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "runs_code"


@pytest.fixture
def children() -> Iterator[list[Child]]:
    """Return a list whose children are stopped at the end."""
    started: list[Child] = []
    yield started
    for child in started:
        child.stop(seconds=0)


def _start(children: list[Child], command: Sequence[str], log: Path, marker: str = "up") -> Child:
    child = Child.start(command, log_path=log)
    children.append(child)
    while marker not in child.log_tail() and child.poll() is None:
        child.wait(0.05)
    return child


def test_output_goes_to_the_log(module: str, tmp_path: Path, children: list[Child]) -> None:
    """Both streams are in the log, the status is the child's, and no record stays."""
    code = "import sys; print('out'); print('error', file=sys.stderr); sys.exit(3)"
    child = _start(children, (module, code), tmp_path / "logs" / "log")
    assert child.wait() == 3
    assert set(child.log_tail().split()) == {"out", "error"}
    assert list((tmp_path / "state" / "processes").iterdir()) == []


def test_child_has_a_session_of_its_own(module: str, tmp_path: Path, children: list[Child]) -> None:
    """Ctrl-C in the terminal does not reach the child: it leads another process group."""
    child = _start(children, (module, SLEEPER), tmp_path / "log")
    assert os.getpgid(child.pid) == child.pid != os.getpgrp()


def test_stop_asks_first(module: str, tmp_path: Path, children: list[Child]) -> None:
    """A child that listens ends by SIGTERM, and stopping it again changes nothing."""
    child = _start(children, (module, SLEEPER), tmp_path / "log")
    assert (tmp_path / "state" / "processes" / f"{child.pid}.json").exists()
    assert child.wait(0.01) is None
    assert child.stop() == -15
    assert child.stop() == -15
    assert list((tmp_path / "state" / "processes").iterdir()) == []


def test_deaf_child_is_killed(module: str, tmp_path: Path, children: list[Child]) -> None:
    """A child that ignores SIGTERM is killed when its time is over."""
    child = _start(children, (module, DEAF), tmp_path / "log")
    assert child.stop(seconds=0.2) == -9


@pytest.mark.parametrize("last", ["time.sleep(600)", "pass"], ids=["stopped", "ended by itself"])
def test_grandchildren_end_too(
    module: str, tmp_path: Path, children: list[Child], last: str
) -> None:
    """Nothing that the child started outlives it, also when the child ended by itself."""
    child = _start(children, (module, FAMILY + last), tmp_path / "log")
    grandchild = int(child.log_tail().split()[1])
    child.wait(0 if last != "pass" else None)
    child.stop()
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(grandchild)
        while process.status() != psutil.STATUS_ZOMBIE:
            process.wait(10)


def test_environment_can_be_given(module: str, tmp_path: Path, children: list[Child]) -> None:
    """The child sees the environment it was given."""
    env = {**os.environ, "PUNIE_EXAMPLE": "here"}
    child = Child.start(
        (module, "import os; print(os.environ['PUNIE_EXAMPLE'])"),
        log_path=tmp_path / "log",
        env=env,
    )
    children.append(child)
    child.wait()
    assert child.log_tail() == "here"


def test_child_that_cannot_start_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the interpreter cannot be run both ends of the pipe are closed again."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    before = psutil.Process().num_fds()
    with pytest.raises(FileNotFoundError):
        Child.start(("json.tool",), log_path=tmp_path / "log")
    assert psutil.Process().num_fds() == before


def test_runner_that_ends_takes_its_child_along(
    module: str, tmp_path: Path, children: list[Child]
) -> None:
    """A runner that forgets to stop its child is followed by it: by exit handler and leash."""
    code = (
        "import sys; from pathlib import Path; from punie_train.processes.child import Child\n"
        "child = Child.start((sys.argv[1], sys.argv[2]), log_path=Path(sys.argv[3]))\n"
        "print(child.pid)\n"
    )
    argv = [sys.executable, "-c", code, module, SLEEPER, str(tmp_path / "log")]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    assert not psutil.pid_exists(int(done.stdout))


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [("a\nb\nc\n", 2, "b\nc"), ("a", 5, "a"), ("", 5, "")],
    ids=["last two", "fewer than asked", "empty"],
)
def test_tail(tmp_path: Path, text: str, lines: int, expected: str) -> None:
    """The last lines of a file are returned, and all of a short one."""
    (tmp_path / "log").write_text(text)
    assert tail(tmp_path / "log", lines) == expected


def test_tail_of_no_file(tmp_path: Path) -> None:
    """A file that is not there has no lines."""
    assert tail(tmp_path / "log", 3) == ""
