"""A run that was killed goes on: what it received is kept, and nothing is asked for twice."""

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punie_train.mlx.attestation import PROMPTS
from punie_train.workflows.partial_file import read_partial

CASES = 120
WAIT_SECONDS = 60.0
ATTESTING = 1 + 3 * len(PROMPTS)
"""Requests of a bare model beside its cases: readiness, two canaries, and one at the end."""


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


def stop_in_the_middle(
    process: "subprocess.Popen[str]", project: Path, sent: signal.Signals
) -> str:
    """Wait until some replies are on disk, end the process, and return what it said."""
    deadline = time.monotonic() + WAIT_SECONDS
    while received(project) < CASES // 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(sent)
    output, _ = process.communicate(timeout=WAIT_SECONDS)
    assert CASES // 4 <= received(project) < CASES, output
    return output


def partial(project: Path) -> Path:
    """Return where the partial file is."""
    return project / "reports" / "report.partial.jsonl"


def received(project: Path) -> int:
    """Return how many whole lines with replies are on disk."""
    path = partial(project)
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return sum('"reply"' in line for line in lines)


def go_on(project: Path, command: list[str]) -> tuple[int, str, dict[str, Any], int]:
    """Run a command; return its status, output, report, and how many requests were answered."""
    before = set((project / "reports" / "logs").glob("*.log"))
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    new = set((project / "reports" / "logs").glob("*.log")) - before
    asked = sum(log.read_text(errors="replace").count('" 200') for log in new)
    path = project / "reports" / "report.json"
    report = json.loads(path.read_text()) if path.exists() else {}
    return done.returncode, done.stdout + done.stderr, report, asked


def resume(project: Path, *arguments: str) -> tuple[int, str, dict[str, Any], int]:
    """Go on with the partial file."""
    command = [sys.executable, "-m", "pytest", "cases.yaml", "-q", "--tb=line"]
    return go_on(project, [*command, "--eval-resume", "reports/report.partial.jsonl", *arguments])


def test_killed_run_goes_on(project: Path, process: "subprocess.Popen[str]") -> None:
    """After kill -9 the report is whole, and just the missing cases were asked."""
    stop_in_the_middle(process, project, signal.SIGKILL)
    with partial(project).open("a") as torn:
        torn.write('{"reply": {"group": "ba')
    stored = len(read_partial(partial(project)).replies)
    status, output, report, asked = resume(project)
    assert status == 0, output
    assert asked == ATTESTING + CASES - stored
    assert report["resumed"] == {"base": stored}
    assert report["interrupted"] is False
    assert [each["case"] for each in report["results"]] == [f"case-{n}" for n in range(CASES)]
    assert {each["outcome"] for each in report["results"]} == {"passed"}
    assert f"{stored} of {CASES} replies from the stopped run" in str(report["adapters"])
    assert "its last line is torn" in output
    assert not partial(project).exists()
    status, output, _, asked = resume(project)
    assert (status, asked) == (4, 0)
    assert "is a whole report" in output


@pytest.mark.slow
def test_closing_words_of_ctrl_c_name_the_command(
    project: Path, process: "subprocess.Popen[str]"
) -> None:
    """The last command that is named goes on, as it stands there."""
    output = stop_in_the_middle(process, project, signal.SIGINT)
    (line,) = [line for line in output.splitlines() if line.startswith("next: ")]
    command = shlex.split(line.removeprefix("next: "))
    assert command[-2:] == ["--eval-resume", "reports/report.partial.jsonl"]
    stored = received(project)
    status, output, report, _ = go_on(project, [sys.executable, "-m", *command])
    assert status == 0, output
    assert report["resumed"] == {"base": stored}
    assert len(report["results"]) == CASES


@pytest.mark.slow
def test_what_would_mix_two_models_is_refused(
    project: Path,
    process: "subprocess.Popen[str]",
    start: Callable[[Path], "subprocess.Popen[str]"],
) -> None:
    """Another sampling is named in words, nothing is started, and the file stays."""
    stop_in_the_middle(process, project, signal.SIGKILL)
    stored = received(project)
    status, output, report, _ = resume(project, "--eval-max-tokens", "9")
    assert (status, report) == (4, {})
    assert "max_tokens 512" in output
    assert "Traceback" not in output
    assert received(project) == stored
    start(project).communicate(timeout=2 * WAIT_SECONDS)
    moved = project / "reports" / "report.1.partial.jsonl"
    assert len(read_partial(moved).replies) >= stored
    assert not partial(project).exists()
