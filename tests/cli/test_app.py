"""The command line teaches, and says in one line what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})


def test_help_shows_commands_and_examples() -> None:
    """A first look is enough to start."""
    said = RUNNER.invoke(app, ["--help"]).output
    assert "punie-train run data/v1 --output adapters/mine" in said
    assert "pytest evals --adapter base --adapter adapters/mine" in said


def test_no_arguments_is_a_question_for_help() -> None:
    """Nothing happens silently."""
    assert "Commands" in RUNNER.invoke(app, []).output


def test_version_is_told() -> None:
    """Name and number."""
    assert RUNNER.invoke(app, ["--version"]).output.startswith("punie-train ")


def test_help_of_run_has_an_example_and_hides_what_does_not_work() -> None:
    """Options that would do nothing are not offered."""
    said = RUNNER.invoke(app, ["run", "--help"]).output
    assert "punie-train run data/v1 --output adapters/mine --iters 200" in said
    assert "--lora-rank" in said
    for option in ("--curriculum", "--nproc", "--resume", "--evaluate-after"):
        assert option not in said


@pytest.mark.parametrize(
    "option",
    [
        pytest.param(["--curriculum"], id="curriculum"),
        pytest.param(["--category", "a"], id="category"),
        pytest.param(["--nproc", "2"], id="nproc"),
        pytest.param(["--hosts", "a,b"], id="hosts"),
        pytest.param(["--report-to", "wandb"], id="report-to"),
        pytest.param(["--resume"], id="resume"),
        pytest.param(["--skip-checks"], id="skip-checks"),
        pytest.param(["--evaluate-after"], id="evaluate-after"),
    ],
)
def test_options_that_would_do_nothing_are_refused(option: list[str]) -> None:
    """They are named, not ignored."""
    error = RUNNER.invoke(app, ["run", "d", "--output", "o", *option]).exception
    assert isinstance(error, UsageError)
    assert str(error).startswith(f"{option[0]} is not available yet")


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        pytest.param(["run", "--output", "o"], "DATA", id="data"),
        pytest.param(["run", "d"], "--output", id="output"),
    ],
)
def test_what_is_missing_is_named(
    arguments: list[str], missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an example of the whole command."""
    monkeypatch.chdir(tmp_path)
    error = RUNNER.invoke(app, arguments).exception
    assert isinstance(error, UsageError)
    assert str(error).startswith(f"{missing} is missing")


def call(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "punie_train", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_failure_is_one_message_and_a_status(tmp_path: Path) -> None:
    """No traceback reaches the user; wrong usage is 2, what could not be done is 3."""
    (tmp_path / "o").mkdir()
    (tmp_path / "o/notes.txt").write_text("mine")
    missing = call("run", "nowhere", "--output", "a", "--model", "nothing/here", cwd=tmp_path)
    wrong = call("run", "--output", "o", cwd=tmp_path)
    unknown = call("run", "d", "--rank", "8", cwd=tmp_path)
    assert (missing.returncode, wrong.returncode, unknown.returncode) == (3, 2, 2)
    for done in (missing, wrong):
        assert done.stderr.startswith("Error: ")
        assert "Traceback" not in done.stderr
    assert "No such option" in unknown.stderr


def test_help_loads_no_model_library(tmp_path: Path) -> None:
    """The first answer comes at once."""
    probe = (
        "import sys, punie_train.cli.app;"
        "print([n for n in ('mlx', 'mlx_lm', 'transformers', 'numpy', 'torch', 'datasets')"
        " if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[]"
