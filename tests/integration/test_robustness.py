"""`punie-train robustness` on the real server: one run a temperature, one verdict."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CALL = (
    "<tool_call>\n<function=read_file>\n<parameter=path>\na.py\n</parameter>\n</function>\n"
    "</tool_call>"
)
CASES = "suite: demo\ncases:\n" + "".join(
    f"  - id: case-{number}\n    category: tool_calling\n    prompt: Read a.py, time {number}\n"
    "    expect: {calls: [{read_file: {path: a.py}}]}\n"
    for number in range(3)
)


def _run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "punie_train", "robustness", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "COLUMNS": "160", "NO_COLOR": "1"},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with three cases."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n[tool.punie-train]\n")
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals" / "cases.yaml").write_text(CASES)
    return tmp_path


@pytest.mark.slow
def test_each_temperature_is_run_and_kept(
    project: Path, scripted_model: Callable[..., Path]
) -> None:
    """Three cases prove nothing, and that is what is said."""
    done = _run(
        project, "--model", str(scripted_model(CALL)), "--temperatures", "0,0.5", "--repeats", "2",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "inconclusive: too few cases" in done.stdout
    kept = project / "reports" / "robustness"
    told = json.loads((kept / "robustness.json").read_text())
    assert [one["temperature"] for one in told["settings"]] == [0.0, 0.5]
    warm = json.loads((kept / "temperature-0.5.json").read_text())
    assert len(warm["results"]) == 6
    assert warm["sampling"]["temperature"] == 0.5


def test_a_run_that_fails_is_told_with_its_last_words(project: Path) -> None:
    """Instead of a traceback."""
    done = _run(project, "--model", "nowhere", "--temperatures", "0,0.5")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "gave no report" in done.stderr
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("temperatures", "said"),
    [("0", "nothing to compare"), ("warm", "no list of temperatures"), ("-1,0", "no list")],
)
def test_refusals(project: Path, temperatures: str, said: str) -> None:
    """Before anything runs."""
    done = _run(project, f"--temperatures={temperatures}")
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
