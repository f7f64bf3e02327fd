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


def test_help_of_run_has_an_example_and_all_options() -> None:
    """What is not offered here does not exist."""
    said = RUNNER.invoke(app, ["run", "--help"]).output
    assert "punie-train run data/v1 --output adapters/mine --iters 200" in said
    for option in ("--lora-rank", "--curriculum", "--nproc", "--resume", "--evaluate-after"):
        assert option in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--resume", "--config", "c"], "--config and --resume", id="config"),
        pytest.param(["--resume", "--adapter", "a"], "--adapter and --resume", id="on top"),
        pytest.param(["--evaluate-after", "absent"], "absent does not exist", id="no suite"),
        pytest.param(["--num-layers", "middle"], "names no layers", id="layers"),
        pytest.param(["--report-to", "paper"], "report-to is 'paper'", id="unknown tracker"),
    ],
)
def test_options_that_cannot_work_are_refused(options: list[str], message: str) -> None:
    """Before anything is loaded."""
    error = RUNNER.invoke(app, ["run", "d", "--output", "o", *options]).exception
    assert isinstance(error, UsageError)
    assert message in str(error)


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
