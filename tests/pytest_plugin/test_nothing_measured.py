"""What measured nothing is no success, and what cannot be kept is refused before it is measured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.eval_session import check_writable

CASES = """suite: demo
cases:
  - {id: hello, category: general, prompt: Hello, expect: {no_call: true}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of ours with one case and one ordinary test."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.punie-train]\nfail-under = {overall = 0.9}\n[tool.pytest.ini_options]\n"
    )
    (tmp_path / "cases.yaml").write_text(CASES)
    (tmp_path / "test_unit.py").write_text("def test_unit(): pass\n")
    return tmp_path


def run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in the project."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["test_unit.py", "--eval-fail-under", "0.5"], 1),
        (["test_unit.py", "--eval-baseline", "v2", "--eval-strict"], 1),
        (["test_unit.py", "--eval-baseline", "v2"], 1),
        ([".", "-k", "unit", "--eval-fail-under", "0.5"], 1),
        ([".", "-k", "typo"], 5),
        (["test_unit.py", "-n", "2", "--eval-fail-under", "0.5"], 1),
    ],
    ids=["gate", "strict", "baseline", "deselected", "typo", "xdist"],
)
def test_nothing_measured_is_no_success(project: Path, arguments: list[str], status: int) -> None:
    """A gate that was asked for cannot hold without a case, and the reason has its name (F62)."""
    done = run(project, *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert "F62" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["test_unit.py"], ["--collect-only", "-q", "--eval-fail-under", "0.5"]],
    ids=["no-gate-asked", "collect-only"],
)
def test_nothing_to_measure_is_fine(project: Path, arguments: list[str]) -> None:
    """The gates of the settings are about evaluations; a run of ordinary tests is left alone."""
    done = run(project, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "F62" not in done.stdout


def test_score_without_a_model_is_refused(project: Path) -> None:
    """There is nothing that it could score; no report is made of it."""
    (project / "test_unit.py").write_text("def test_unit(score): score('x', 1.0)\n")
    done = run(project, "test_unit.py")
    assert done.returncode == 1
    assert "'score' fixture is used without" in done.stdout
    assert not (project / "reports").exists()


def test_model_in_a_project_without_settings_is_refused(project: Path) -> None:
    """The remedy is the table."""
    (project / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (project / "test_unit.py").write_text("def test_unit(model): pass\n")
    done = run(project, "test_unit.py")
    assert done.returncode == 1
    assert "Add the table to pyproject.toml" in done.stdout


def test_function_under_xdist_is_refused_without_a_report(project: Path) -> None:
    """A worker says why in words, and writes nothing."""
    (project / "test_unit.py").write_text("async def test_unit(score, model): pass\n")
    done = run(project, "test_unit.py", "-n", "2")
    assert done.returncode == 1
    assert "worker of xdist" in done.stdout
    assert not (project / "reports").exists()


def test_report_can_be_written(tmp_path: Path) -> None:
    """Missing directories are made."""
    check_writable(tmp_path / "a" / "b" / "report.json")
    assert (tmp_path / "a" / "b").is_dir()


def test_report_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A directory in its place and a file on the way are said before the run."""
    with pytest.raises(UsageError, match="it is a directory"):
        check_writable(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="a device or a pipe"):
        check_writable(tmp_path / "pipe")
    (tmp_path / "file").touch()
    check_writable(tmp_path / "file")
    with pytest.raises(UsageError, match="cannot be written"):
        check_writable(tmp_path / "file" / "report.json")


@pytest.mark.parametrize(
    ("place", "said"), [("taken", "it is a directory"), ("file/report.html", "cannot be written")]
)
def test_html_report_that_cannot_be_written_is_refused(
    project: Path, place: str, said: str
) -> None:
    """It is said before the first request, in words, and the option is named."""
    (project / "taken").mkdir()
    (project / "file").touch()
    done = run(project, "cases.yaml", f"--html={place}", "--server-url", "http://127.0.0.1:9")
    assert done.returncode == 4
    assert said in done.stderr
    assert "--html" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
