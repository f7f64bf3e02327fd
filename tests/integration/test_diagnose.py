"""`punie-train diagnose` on the real server: the bare model's faults, an adapter without them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError, UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})


def test_the_bare_models_code_fences_are_found() -> None:
    """Its fault is shown raw, named, and a remedy offered."""
    done = RUNNER.invoke(
        app,
        [
            "diagnose",
            "--prompt",
            "What did terminal t-1 print?",
            "--prompt",
            "Read a.py.",
            "--json",
        ],
    )
    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    fenced, right = told["replies"]
    assert fenced["reply"].startswith("```json")
    assert (fenced["format"], fenced["delivered"]) == ("fenced-json", False)
    assert right["finding"] == "as taught"
    assert right["calls"] == [{"name": "read_file", "arguments": {"path": "a.py"}}]
    assert "punie-train run" in told["remedies"][0]


def test_an_adapter_is_asked_what_its_own_data_taught(adapters: Path) -> None:
    """The data is found by the manifest; nothing is wrong, so nothing is offered."""
    done = RUNNER.invoke(app, ["diagnose", "--adapter", str(adapters / "v1"), "--count", "3"])
    assert done.exit_code == 0, done.output
    assert "3 of 3 replies are as taught" in done.stdout
    assert "try, in this order" not in done.stdout


def test_data_without_a_call_is_refused(tmp_path: Path) -> None:
    """There would be nothing to compare."""
    row = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hi"}]}
    (tmp_path / "train.jsonl").write_text(json.dumps(row) + "\n")
    error = RUNNER.invoke(app, ["diagnose", "--data", str(tmp_path)]).exception
    assert isinstance(error, UsageError)
    assert "teaches a call" in str(error)


def test_a_missing_adapter_is_refused(tmp_path: Path) -> None:
    """Before any server is started."""
    error = RUNNER.invoke(app, ["diagnose", "--adapter", str(tmp_path / "none")]).exception
    assert isinstance(error, ArtifactError)


@pytest.fixture
def adapters() -> Path:
    """Return the directory of the shipped adapters."""
    return Path(__file__).parents[2] / "adapters"
