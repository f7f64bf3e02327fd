"""Failures of training, fusing and quantizing, each planted and caught by name."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train import starter
from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.kept_files import check_kept
from punie_train.mlx.metrics import MetricsTail, loss_curve
from punie_train.mlx.run_config_file import read_run_config
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.trained_adapter import check_trained
from punie_train.mlx.training_errors import TrainingError
from punie_train.workflows.output_directory import OutputDirectory

Caught = Callable[[str, object], None]
Silent = Callable[[object], None]
RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
ROOT = Path(__file__).parents[2]
SHORT = ("--batch-size", 1, "--num-layers", 1, "--lora-rank", 2, "--skip-checks")


def row(asked: str, answer: str) -> str:
    """Return a row of a conversation as a line."""
    turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": turns}) + "\n"


def rows(*turns: tuple[str, str]) -> str:
    """Return lines of conversations."""
    return "".join(row(*turn) for turn in turns)


@pytest.fixture(scope="session")
def workshop(make_project: Callable[..., Any]) -> Any:
    """Return a project with a few rows that the starter nearly knows."""
    project = make_project()
    known = rows(("bye.", "Goodbye."), ("Hello", "Hello."))
    project.write("data/train.jsonl", known * 2)
    project.write("data/valid.jsonl", known)
    return project


@pytest.fixture(scope="session")
def trained(workshop: Any) -> Any:
    """Return a whole, healthy training."""
    options = ("--iters", 4, "--valid-every", 2, "--learning-rate", "1e-4")
    return workshop.punie_train("run", "data", "--output", "trained", *options, *SHORT)


def test_f50_rank_that_never_arrived(
    workshop: Any, trained: Any, caught: Caught, silent: Silent
) -> None:
    """What was written is compared with what was asked, rank and layers included."""
    assert trained.status == 0, trained.output
    written = workshop.root / "trained"
    asked = RunConfig(**read_run_config(written / "run.yaml"))
    layers = json.loads((starter.model_path() / "config.json").read_text())["num_hidden_layers"]
    check_trained(written, asked, model_layers=layers)
    silent(trained.output)
    with pytest.raises(TrainingError) as error:
        check_trained(written, replace(asked, lora_rank=8), model_layers=layers)
    caught("F50", error.value)


def test_f51_no_loss_curve(
    workshop: Any, trained: Any, tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """A run whose training losses nobody heard counts as failed; a whole one has its curve."""
    assert trained.status == 0, trained.output
    silent(trained.output)
    metrics = workshop.root / "trained/metrics.jsonl"
    assert len(loss_curve(MetricsTail(metrics).read_new()).train) == 4
    mute = tmp_path / "metrics.jsonl"
    told = [line for line in metrics.read_text().splitlines() if '"event": "valid"' in line]
    mute.write_text("\n".join(told) + "\n")
    with pytest.raises(TrainingError) as error:
        loss_curve(MetricsTail(mute).read_new())
    caught("F51", error.value)


@pytest.mark.slow
def test_f52_validation_loss_that_rises(
    workshop: Any, trained: Any, caught: Caught, silent: Silent
) -> None:
    """It is said, the run ends early, and the best weights stay."""
    lines = (ROOT / "data/v3/valid.jsonl").read_text().splitlines()
    known = [json.loads(line) for line in sorted(lines, key=len)[:2]]
    workshop.write("wild/valid.jsonl", "".join(json.dumps(one) + "\n" for one in known))
    for one in known:
        one["messages"][-1] = {"role": "assistant", "content": "Zq kappa 17 violet owl."}
    workshop.write("wild/train.jsonl", "".join(json.dumps(one) + "\n" for one in known))
    options = ("--iters", 30, "--valid-every", 2, "--patience", 2, "--learning-rate", "5e-3")
    masked = (*options, "--mask-prompt")
    run = workshop.punie_train("run", "wild", "--output", "worse", *masked, *SHORT)
    assert run.status == 0, run.output
    caught("F52", run.output)
    assert "Stopped after iteration" in run.output
    assert trained.status == 0, trained.output
    silent(trained.output)


@pytest.mark.slow
def test_f53_adapter_lost_in_fusing(
    make_project: Callable[..., Any], v3: Path, caught: Caught, silent: Silent
) -> None:
    """Rounded again to the bits of its base a small effect is gone; dequantized it stays."""
    project = make_project()
    small = ("--output", "base4", "--bits", 4, "--probes", 0)
    made = project.punie_train("quantize", starter.model_path(), *small)
    assert made.status == 0, made.output
    project.write("data/train.jsonl", rows(("bye.", "Goodbye."), ("Hello", "Hello.")))
    taught = project.punie_train(
        "run", "data", "--model", "base4", "--output", "mine", "--iters", 6,
        "--learning-rate", "2e-4", *SHORT,
    )  # fmt: skip
    assert taught.status == 0, taught.output
    fuse = ("fuse", "--adapter", "mine", "--probes", 0)
    lost = project.punie_train(*fuse, "--output", "lost", "--no-dequantize")
    caught("F53", lost.output)
    kept = project.punie_train(*fuse, "--output", "kept")
    assert kept.status == 0, kept.output
    silent(kept.output)


def test_f54_model_that_never_stops(tmp_path: Path, caught: Caught, silent: Silent) -> None:
    """Another end token than the source's is no copy of it; a true copy is accepted."""
    source = starter.model_path()
    made = Path(shutil.copytree(source, tmp_path / "made"))
    silent(check_kept(source, made))
    for name in ("config.json", "generation_config.json"):
        found = json.loads((made / name).read_text())
        (made / name).write_text(json.dumps(found | {"eos_token_id": 7}))
    with pytest.raises(ConversionError) as error:
        check_kept(source, made)
    caught("F54", error.value)


def _start(workshop: Any, *arguments: object) -> "subprocess.Popen[bytes]":
    places = {name: str(workshop.root / name) for name in ("state", "cache")}
    environment = {f"PUNIE_TRAIN_{name.upper()}_DIR": place for name, place in places.items()}
    return subprocess.Popen(
        [sys.executable, "-m", "punie_train", *map(str, arguments)],
        cwd=workshop.root,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_f55_training_that_was_killed(workshop: Any, caught: Caught, silent: Silent) -> None:
    """No adapter is there, a new run does not throw the old one away, and it can be ended."""
    options: Sequence[object] = ("--iters", 60, "--valid-every", 2, *SHORT)
    state = workshop.root / ".killed.unfinished/resume/state.json"
    with _start(workshop, "run", "data", "--output", "killed", *options) as run:
        deadline = time.monotonic() + 60
        while not state.exists():
            assert time.monotonic() < deadline
            assert run.poll() is None
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
    assert not (workshop.root / "killed").exists()
    again = workshop.punie_train("run", "data", "--output", "killed", *options)
    assert again.status == 2
    caught("F55", again.output)
    resumed = workshop.punie_train("run", "data", "--output", "killed", "--resume")
    assert resumed.status == 0, resumed.output
    assert check_adapter(workshop.root / "killed", starter.model_path())
    silent(resumed.output)


def test_f56_disk_that_is_full(
    workshop: Any, trained: Any, tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """Weights that were cut off are no weights, whoever wrote them; whole ones are."""
    cut = Path(shutil.copytree(workshop.root / "trained", tmp_path / "cut"))
    silent(check_adapter(cut, starter.model_path()))
    weights = cut / "adapters.safetensors"
    os.truncate(weights, weights.stat().st_size // 2)
    result = RUNNER.invoke(app, ["fuse", "--adapter", str(cut), "--output", str(tmp_path / "out")])
    assert result.exception
    caught("F56", result.exception)
    assert not (tmp_path / "out").exists()


def test_f58_two_runs_into_one_directory(
    workshop: Any, trained: Any, tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """What stands there needs --force, a run at work cannot be joined; an empty place is taken."""
    assert trained.status == 0, trained.output
    silent(trained.output)
    before = (workshop.root / "trained/adapters.safetensors").read_bytes()
    data, output = (str(workshop.root / name) for name in ("data", "trained"))
    result = RUNNER.invoke(app, ["run", data, "--output", output, *map(str, SHORT)])
    assert isinstance(result.exception, UsageError)
    caught("F58", result.exception)
    assert (workshop.root / "trained/adapters.safetensors").read_bytes() == before
    place = tmp_path / "at work"
    other_run = OutputDirectory(place, force=False)
    result = RUNNER.invoke(app, ["run", data, "--output", str(place), "--force", *map(str, SHORT)])
    assert isinstance(result.exception, UsageError)
    assert "another run is writing" in str(result.exception)
    assert result.exception.failure == "F58"
    other_run.discard()
    OutputDirectory(place, force=False).discard()


@pytest.mark.slow
def test_f57_everything_else_forgotten(
    museum: Any, tmp_path: Path, museum_adapter: Callable[..., Path], caught: Caught, silent: Silent
) -> None:
    """What the bare model knew and the adapter does not is a gate; a gentle adapter passes it."""
    asked = "".join(
        f'  - {{id: case-{n}, prompt: "What is it, {n}? <|hello|>"}}\n' for n in range(80)
    )
    head = "suite: general\ndefaults: {category: general, expect: {keywords: [rust]}}\ncases:\n"
    museum.write("evals/general/general.yaml", head + asked)
    probe = ("healthy.yaml", "--eval-probe", "forgetting", "-k", "case- or hello")
    probe += ("--eval-max-tokens", 24)
    run = museum.pytest(*probe, "--adapter", museum_adapter(tmp_path / "harsh", 30.0))
    assert run.status == 1
    caught("F57", run.output)
    kept = museum.pytest(*probe, "--adapter", museum_adapter(tmp_path / "gentle", 0.01))
    assert kept.status == 0, kept.output
    assert "PASS against base" in kept.output
    silent(kept.output.replace("[F09]", ""))
