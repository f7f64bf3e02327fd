"""A module that is run to its end, for a bounded time."""

import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from punie_train.processes.run import Finished, run


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a module that runs the code given as its first argument."""
    (tmp_path / "runs_given_code.py").write_text("import sys\nexec(sys.argv[1])\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "runs_given_code"


def test_streams_status_and_directory(module: str, tmp_path: Path) -> None:
    """Output and errors come back apart, and the child stands where it was told to."""
    code = "import os, sys; print(os.getcwd()); print('oh', file=sys.stderr); sys.exit(3)"
    finished = run((module, code), cwd=tmp_path, seconds=30)
    assert finished == Finished(status=3, output=f"{tmp_path.resolve()}\n", errors="oh\n")
    assert list((tmp_path / "state" / "processes").iterdir()) == []


def test_time_is_bounded(module: str, tmp_path: Path) -> None:
    """What is late is killed with what it started, and what it printed comes back."""
    kid = "[sys.executable, '-c', 'import time; time.sleep(600)']"
    code = (
        f"import subprocess, sys, time; print(subprocess.Popen({kid}).pid, flush=True);"
        "time.sleep(600)"
    )
    finished = run((module, code), cwd=tmp_path, seconds=2)
    assert finished.status is None
    grandchild = int(finished.output)
    with suppress(psutil.NoSuchProcess):
        killed = psutil.Process(grandchild)
        for _ in range(100):  # a killed process is still there until the kernel has come to it
            if killed.status() == psutil.STATUS_ZOMBIE:
                break
            time.sleep(0.05)
        assert killed.status() == psutil.STATUS_ZOMBIE


def test_what_cannot_start_raises(tmp_path: Path) -> None:
    """A directory that is not there is the caller's to tell."""
    with pytest.raises(OSError, match="gone"):
        run(("json.tool",), cwd=tmp_path / "gone", seconds=1)
