"""`punie-train bench` really trains, says how fast, and leaves nothing behind."""

import json
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})


def test_speed_of_the_starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured iterations, tokens of the rows asked for, an estimate, and an empty directory."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    options = ["--iters", "2", "--batch-size", "2", "--tokens", "40", "--num-layers", "2"]
    done = RUNNER.invoke(app, ["bench", *options, "--planned-iters", "50", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["model"], told["iterations"], told["num_layers"]) == ("starter", 2, 2)
    assert 0 < told["seconds_per_iteration"] <= told["slowest_iteration_seconds"]
    assert told["verdict"] == "excellent"
    assert 2 * 40 * 0.8 < told["tokens_per_iteration"] < 2 * (40 * 1.2 + 40)
    assert told["tokens_per_second"] > 0
    assert told["peak_memory_gb"] > 0
    assert told["seconds_per_validation_batch"] > 0
    alone = 49 * told["seconds_per_iteration"] + told["first_iteration_seconds"]
    validations = 3 * 25 * told["seconds_per_validation_batch"]
    assert told["planned_seconds"] == pytest.approx(alone + validations)
    assert told["total_seconds"] > 2 * told["seconds_per_iteration"]
    assert not list(tmp_path.glob("punie-train-bench-*"))


def test_words_for_a_user() -> None:
    """The verdict and the estimate in sentences."""
    done = RUNNER.invoke(app, ["bench", "--iters", "1", "--batch-size", "1", "--tokens", "16"])
    assert done.exit_code == 0, done.output
    assert "Verdict: excellent." in done.stdout
    assert "100 iterations on rows like these would take" in done.stdout
    assert "peak memory" in done.stdout


def test_missing_model_is_refused() -> None:
    """Before anything is written."""
    error = RUNNER.invoke(app, ["bench", "--model", "no/such-model"]).exception
    assert isinstance(error, ArtifactError)
    assert "neither a directory nor in the hub cache" in str(error)
