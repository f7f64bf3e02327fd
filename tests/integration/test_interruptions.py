"""Servers that die, runs that are stopped: what was measured is told, the rest is not invented."""

import contextlib
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from punie_train.mlx.attestation import PROMPTS

CASES = 150
WAIT_SECONDS = 60.0
BEFORE_THE_FIRST_CASE = 1 + 2 * len(PROMPTS)
BEFORE_THE_LAST_CANARY = BEFORE_THE_FIRST_CASE + CASES
"""Requests of a bare model: readiness, two canaries and the cases."""


@pytest.fixture
def project(project_of: Callable[[int], Path]) -> Path:
    """Return a project with cases enough to be stopped in the middle of."""
    return project_of(CASES)


@pytest.fixture
def process(
    project: Path, start: Callable[[Path], "subprocess.Popen[str]"]
) -> "subprocess.Popen[str]":
    """Start pytest there."""
    return start(project)


def wait_for(found: Callable[[], Any]) -> Any:
    """Return the first true value, or fail after a while."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.02)
    pytest.fail("it did not happen in time")


def answered(root: Path) -> int:
    """Return how many requests the server says it has answered."""
    logs = (root / "reports" / "logs").glob("*-base.log")
    return sum(log.read_text(errors="replace").count('" 200') for log in logs)


def server_of(process: "subprocess.Popen[str]") -> psutil.Process | None:
    """Return the model server that a run has started."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children():
            if "punie_train.processes.leash" in child.cmdline():
                return child
    return None


def report_of(root: Path) -> dict[str, Any]:
    """Return the report of the run."""
    return json.loads((root / "reports" / "report.json").read_text())


def test_ctrl_c_writes_a_report_of_what_was_done(
    project: Path, process: "subprocess.Popen[str]"
) -> None:
    """The report holds the cases that were reached and says that it is not all of them."""
    wait_for(lambda: answered(project) > BEFORE_THE_FIRST_CASE + 11)
    server = wait_for(lambda: server_of(process))
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    report = report_of(project)
    assert process.returncode == 2, output
    assert report["interrupted"] is True
    assert 0 < len(report["results"]) < CASES
    assert {each["outcome"] for each in report["results"]} == {"passed"}
    assert "interrupted" in output.lower()
    assert not server.is_running()


@pytest.mark.slow
def test_ctrl_c_in_the_last_attestation_writes_a_report(
    project: Path, process: "subprocess.Popen[str]"
) -> None:
    """What was answered by then is in it, and the run counts as interrupted, however late it is."""
    wait_for(lambda: answered(project) >= BEFORE_THE_LAST_CANARY)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    report = report_of(project)
    assert process.returncode == 2, output
    assert report["interrupted"] is True
    assert CASES // 2 < len(report["results"]) <= CASES
    assert "Traceback" not in output


@pytest.mark.slow
def test_server_that_dies_once_is_started_again(
    project: Path, process: "subprocess.Popen[str]"
) -> None:
    """Every case gets its reply, and the report says that the server was started again."""
    wait_for(lambda: answered(project) > 20)
    os.kill(wait_for(lambda: server_of(process)).pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=2 * WAIT_SECONDS)
    assert process.returncode == 0, output
    report = report_of(project)
    assert Counter(each["outcome"] for each in report["results"]) == {"passed": CASES}
    assert "was started again" in report["adapters"][0]["attestation"]["reason"]


@pytest.mark.slow
def test_server_that_dies_twice_leaves_the_rest_unavailable(
    project: Path, process: "subprocess.Popen[str]"
) -> None:
    """What has no reply is unavailable, an error and not a zero, and the run does not succeed."""
    wait_for(lambda: answered(project) > 20)
    first = wait_for(lambda: server_of(process))
    first.kill()
    first.wait(WAIT_SECONDS)
    before = answered(project)
    second = wait_for(lambda: (now := server_of(process)) and now.pid != first.pid and now)
    wait_for(lambda: answered(project) > before + 20)
    second.kill()
    output, _ = process.communicate(timeout=2 * WAIT_SECONDS)
    report = report_of(project)
    counts = Counter(each["outcome"] for each in report["results"])
    assert process.returncode == 1, output
    assert counts["unavailable"] > 0
    assert counts["passed"] + counts["unavailable"] == CASES
    overall = report["summary"]["base"]["overall"]
    assert overall["score"] == 1.0
    assert overall["unavailable"] == counts["unavailable"]
    assert "died again" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=str)
def test_killed_pytest_leaves_no_server(
    process: "subprocess.Popen[str]", sent: signal.Signals
) -> None:
    """However and whenever pytest is ended, its server is gone soon after (F07)."""
    server = wait_for(lambda: server_of(process))
    time.sleep(random.uniform(0.0, 4.0))
    process.send_signal(sent)
    process.communicate(timeout=WAIT_SECONDS)
    wait_for(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE)
