"""A new project can be evaluated at once, and the doctor says what is missing."""

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings, read_settings
from punie_train.evals.case_files import load_suite
from punie_train.workflows.examine_machine import Readiness, examine_machine
from punie_train.workflows.start_project import start_project


def test_a_new_project_has_settings_and_cases(tmp_path: Path) -> None:
    """What is written is what the plugin reads."""
    root = tmp_path / "agent"
    result = CliRunner().invoke(app, ["init", str(root)])
    assert result.exit_code == 0, result.output
    assert read_settings(root).fail_under == {"overall": 0.8}
    assert len(load_suite(root / "evals/first/cases.yaml").cases) == 2
    assert "reports/" in (root / ".gitignore").read_text()


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    """A pyproject.toml gets the table at its end, other files stay."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "mine"')
    (tmp_path / ".gitignore").write_text("secret\n")
    start_project(tmp_path)
    content = tomllib.loads((tmp_path / "pyproject.toml").read_text())
    assert content["project"]["name"] == "mine"
    assert content["tool"]["punie-train"]
    assert (tmp_path / ".gitignore").read_text() == "secret\n"


def test_a_project_is_not_started_twice(tmp_path: Path) -> None:
    """The second time nothing changes."""
    start_project(tmp_path)
    before = (tmp_path / "pyproject.toml").read_text()
    with pytest.raises(UsageError, match="nothing was changed"):
        start_project(tmp_path)
    assert (tmp_path / "pyproject.toml").read_text() == before


def test_this_machine_is_ready() -> None:
    """Everything is really tried."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    found = {one["name"]: one for one in json.loads(result.stdout)}
    assert result.exit_code == 0, found
    assert {"mlx-lm", "typed tools", "sandbox", "starter model"} <= found.keys()
    assert found["mlx-lm"]["found"].startswith("mlx-lm 0.")


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its remedy; a file where a directory belongs, and a model that is not there."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr("punie_train.workflows.examine_machine._run_module", lambda _: (0, ""))
    settings = Settings(root=tmp_path, active=True, model=str(tmp_path / "nothing"))
    missing = {
        one.name: one.remedy
        for one in examine_machine(settings)
        if one.readiness is Readiness.MISSING
    }
    assert set(missing) == {"settings' model", "disk of the cache"}
    assert all(missing.values())
