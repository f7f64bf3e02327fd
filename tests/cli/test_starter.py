"""`punie-train starter build`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.starter import app
from punie_train.core.errors import UsageError
from punie_train.starter import build

RUN = CliRunner()


def test_help_has_an_example() -> None:
    """The help shows how to call it."""
    result = RUN.invoke(app, ["build", "--help"])
    assert result.exit_code == 0
    assert "punie-train starter build --output" in result.stdout


def test_outside_of_a_checkout_it_refuses(tmp_path: Path) -> None:
    """Without cases to keep apart from, nothing is built."""
    result = RUN.invoke(app, ["build", "--project", str(tmp_path), "-o", str(tmp_path / "out")])
    assert isinstance(result.exception, UsageError)
    assert "has no evals directory" in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_without_torch_it_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The base stage says what to install when PyTorch is missing."""
    (tmp_path / "evals").mkdir()
    monkeypatch.setattr(build, "NEEDS", ("no_such_torch",))
    result = RUN.invoke(app, ["build", "--project", str(tmp_path), "--stage", "base"])
    assert isinstance(result.exception, UsageError)
    assert "punie-train[starter]" in str(result.exception)


def test_data_stage_writes_data_and_cases(tmp_path: Path) -> None:
    """The data stage writes three datasets with manifests, and the known-phrasing cases."""
    (tmp_path / "evals").mkdir()
    result = RUN.invoke(app, ["build", "--project", str(tmp_path), "--stage", "data"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "evals/tool_calling/known.yaml").is_file()
    for version in ("v1", "v2", "v3"):
        assert (tmp_path / "data" / version / "manifest.json").is_file()
        assert (tmp_path / "data" / version / "train.jsonl").is_file()
