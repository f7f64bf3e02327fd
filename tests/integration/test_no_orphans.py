"""Whatever ends the runner, its server ends too (F07)."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

RUNNER = Path(__file__).with_name("sleeping_runner.py")
PATIENCE = 60.0


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="kill -9"),
        pytest.param(signal.SIGINT, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, id="SIGTERM"),
    ],
)
def test_killed_runner_leaves_no_server(
    scripted_model: Callable[..., Path], tmp_path: Path, number: signal.Signals
) -> None:
    """The server is gone soon after its runner, without anybody asking it to stop."""
    model, pid = scripted_model("Hello there."), tmp_path / "pid"
    with subprocess.Popen(
        [sys.executable, str(RUNNER), str(model), str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as runner:
        _wait_until(lambda: (pid.exists() and pid.read_text() != "") or runner.poll() is not None)
        server = psutil.Process(int(pid.read_text()))
        assert server.is_running()
        runner.send_signal(number)
        assert runner.wait(PATIENCE) != 0
    _wait_until(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
