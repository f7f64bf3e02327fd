"""A project that uses none of it does not notice the plugin."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    *("mlx", "mlx_lm", "transformers", "datasets", "numpy", "scipy", "rich", "typer", "httpx"),
    "pydantic_monty",
)
TEST = """
import sys
def test_nothing_heavy_is_loaded():
    assert not {heavy!r} & set(sys.modules), {heavy!r} & set(sys.modules)
"""
FOREIGN_CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--model")
    parser.addoption("--adapter")
"""


def run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run pytest in a project."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


def test_foreign_project_is_untouched(tmp_path: Path) -> None:
    """Nothing heavy is imported, nothing is printed, its own options and YAML stay its own."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (tmp_path / "conftest.py").write_text(FOREIGN_CONFTEST)
    (tmp_path / "cases.yaml").write_text("suite: not ours\n")
    (tmp_path / "test_light.py").write_text(TEST.format(heavy=set(HEAVY)))
    done = run(tmp_path, "--model", "theirs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "punie-train:" not in done.stdout


def test_own_project_without_cases_stays_light(tmp_path: Path) -> None:
    """Also with settings, a run without a case imports nothing heavy and prints nothing."""
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\n")
    (tmp_path / "test_light.py").write_text(TEST.format(heavy=set(HEAVY)))
    done = run(tmp_path, "--adapter", "base")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "attestation" not in done.stdout


def test_own_fixtures_of_the_same_names_stay_their_own(tmp_path: Path) -> None:
    """A project of ours may have a `model` and an `adapter` that are none of ours."""
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\n")
    (tmp_path / "test_own.py").write_text(
        "import pytest\n"
        "@pytest.fixture\n"
        "def model(): return 1\n"
        "@pytest.fixture\n"
        "def adapter(tmp_path): return 2\n"
        "def test_own(model, adapter): assert (model, adapter) == (1, 2)\n"
    )
    done = run(tmp_path, "-v")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "test_own PASSED" in done.stdout


def test_foreign_project_gets_no_short_options(tmp_path: Path) -> None:
    """The short names exist only where the settings are; the others say what they are for."""
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    text = run(tmp_path, "--help").stdout
    assert "--eval-report" in text
    assert "--server-url" not in text


def test_unknown_setting_is_one_message(tmp_path: Path) -> None:
    """A misspelt key of the settings stops pytest with a suggestion."""
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\nadaptor = 'x'\n")
    done = run(tmp_path)
    assert done.returncode == 4
    assert "Did you mean 'adapter'?" in done.stderr
    assert "Traceback" not in done.stderr
