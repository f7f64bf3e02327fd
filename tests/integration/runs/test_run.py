"""`punie-train run` with the real mlx-lm, on a model of a few thousand random weights."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import mlx.core as mx
import psutil
import pytest

from punie_train.mlx.adapter_manifest import read_manifest
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.metrics import MetricsTail, TrainMetric, ValidMetric
from punie_train.mlx.train_config import RunConfig
from punie_train.workflows.finish_run import WRITTEN

Run = Callable[..., subprocess.CompletedProcess[str]]


def chat(word: str, **more: Any) -> dict[str, Any]:
    """Return a row in which the assistant repeats a word."""
    user, reply = {"role": "user", "content": word}, {"role": "assistant", "content": word}
    return {"messages": [user, reply], **more}


def test_a_run_leaves_a_whole_adapter(run: Run, tmp_path: Path, tiny_model: Path) -> None:
    """All that is promised is there and nothing else; the loss falls; the best weights stay."""
    done = run("--output", "out", "--iters", "10", "--valid-every", "4", "--save-every", "5")
    assert done.returncode == 0, done.stderr
    assert "Next: pytest evals --adapter out" in done.stdout
    output = tmp_path / "out"
    assert {path.name for path in output.iterdir()} == set(WRITTEN)
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out", "state", "cache"}
    metrics = MetricsTail(output / "metrics.jsonl").read_new()
    train = [metric for metric in metrics if isinstance(metric, TrainMetric)]
    valid = [metric for metric in metrics if isinstance(metric, ValidMetric)]
    assert [metric.iteration for metric in train] == list(range(1, 11))
    assert [metric.iteration for metric in valid] == [0, 3, 7, 9]
    assert train[-1].train_loss < train[0].train_loss
    manifest = check_adapter(output, tiny_model)
    assert manifest is not None
    assert manifest.complete
    assert manifest.best_iteration == min(valid[1:], key=lambda each: each.valid_loss).iteration
    assert manifest.versions["mlx-lm"]
    assert "\x1b" not in (output / "train.log").read_text()
    assert str(tmp_path / ".out") not in (output / "adapter_config.json").read_text()


@pytest.mark.slow
def test_the_weights_are_those_of_plain_mlx_lm(run: Run, tmp_path: Path, data: Path) -> None:
    """The same run.yaml given to `mlx_lm lora` makes the same bytes: nothing is added or lost."""
    (data / "valid.jsonl").unlink()
    done = run("--output", "ours", "--iters", "6", "--mask-prompt", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "no validation rows" in done.stderr
    text = (tmp_path / "ours/run.yaml").read_text()
    (tmp_path / "plain.yaml").write_text(text.replace("adapter_path: ours", "adapter_path: plain"))
    argv = [sys.executable, "-m", "mlx_lm", "lora", "-c", "plain.yaml"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True)
    ours, plain = (tmp_path / name / "adapters.safetensors" for name in ("ours", "plain"))
    assert ours.read_bytes() == plain.read_bytes()


@pytest.mark.slow
def test_every_parameter_arrives(run: Run, tmp_path: Path) -> None:
    """F50: what mlx-lm wrote into adapter_config.json is what was asked, field by field."""
    asked = {
        "--fine-tune-type": "dora",
        "--iters": "6",
        "--batch-size": "1",
        "--learning-rate": "0.002",
        "--num-layers": "1",
        "--lora-rank": "3",
        "--lora-scale": "7.5",
        "--lora-dropout": "0.1",
        "--lora-key": "self_attn.q_proj",
        "--max-seq-length": "100",
        "--optimizer": "adafactor",
        "--schedule": "cosine",
        "--warmup": "1",
        "--seed": "5",
        "--valid-batches": "-1",
        "--report-every": "2",
        "--valid-every": "3",
        "--save-every": "4",
        "--grad-accumulation": "2",
        "--patience": "9",
        "--curriculum": "turns",
        "--category": "direct",
        "--nproc": "1",
    }
    flags = ("--mask-prompt", "--grad-checkpoint", "--float32")
    options = [word for pair in asked.items() for word in pair]
    done = run("--output", "out", *options, *flags)
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "out/adapter_config.json").read_text())
    assert written["lora_parameters"] == {
        "rank": 3,
        "scale": 7.5,
        "dropout": 0.1,
        "keys": ["self_attn.q_proj"],
    }
    schedule = {"name": "cosine_decay", "arguments": [0.002, 2], "warmup": 1}
    expected = {
        "fine_tune_type": "dora",
        "iters": 6,
        "batch_size": 1,
        "learning_rate": 0.002,
        "num_layers": 1,
        "mask_prompt": True,
        "max_seq_length": 100,
        "optimizer": "adafactor",
        "lr_schedule": schedule,
        "seed": 5,
        "val_batches": -1,
        "steps_per_report": 2,
        "steps_per_eval": 3,
        "save_every": 4,
        "grad_checkpoint": True,
        "float32": True,
        "grad_accumulation_steps": 2,
        "patience": 9,
        "curriculum": "turns",
        "category": ["direct"],
        "hosts": [],
        "nproc": 1,
        "layer_choice": "",
        "report_to": None,
    }
    assert {key: written[key] for key in expected} == expected
    nested = {"lora_rank", "lora_scale", "lora_dropout", "lora_keys", "schedule", "warmup"}
    places = {"model", "data", "adapter_path", "resume_adapter_file"}
    assert {field.name for field in fields(RunConfig)} == {*expected, *nested, *places} - {
        "lr_schedule"
    }
    rates = [
        metric.learning_rate
        for metric in MetricsTail(tmp_path / "out/metrics.jsonl").read_new()
        if isinstance(metric, TrainMetric)
    ]
    assert len(set(rates)) > 1


def test_float32_computes_nearly_the_same(run: Run, tmp_path: Path) -> None:
    """The 16-bit starter, widened for a run, has nearly the loss that it has as it is."""
    first = {}
    for name, flag in (("wide", "--float32"), ("narrow", "--no-float32")):
        done = run("--output", name, "--model", "starter", "--iters", "1", "--seed", "3", flag)
        assert done.returncode == 0, done.stderr
        metrics = MetricsTail(tmp_path / name / "metrics.jsonl").read_new()
        first[name] = next(m.train_loss for m in metrics if isinstance(m, TrainMetric))
    assert first["wide"] != first["narrow"]
    assert first["wide"] == pytest.approx(first["narrow"], rel=0.02)


def test_float32_widens_older_weights_too(run: Run, tmp_path: Path) -> None:
    """Layers of full fine-tuning come from 16 bits, and are widened all the same."""
    full = ("--model", "starter", "--fine-tune-type", "full", "--num-layers", "1", "--iters", "1")
    for name, more in (("old", ()), ("new", ("--adapter", "old", "--float32"))):
        done = run("--output", name, *full, *more)
        assert done.returncode == 0, done.stderr
    kinds = {
        name: {str(tensor.dtype) for tensor in _tensors(tmp_path / name).values()}
        for name in ("old", "new")
    }
    assert kinds == {"old": {"mlx.core.bfloat16"}, "new": {"mlx.core.float32"}}


def _tensors(adapter: Path) -> dict[str, Any]:
    return cast(dict[str, Any], mx.load(str(adapter / "adapters.safetensors")))


@pytest.mark.slow
def test_training_goes_on_from_an_adapter(run: Run, tmp_path: Path) -> None:
    """The second run starts where the first one ended, with the shape of the first."""
    first = run("--output", "one", "--iters", "10", "--lora-rank", "2", "--valid-every", "100")
    assert first.returncode == 0, first.stderr
    second = run("--output", "two", "--adapter", "one", "--iters", "2")
    assert second.returncode == 0, second.stderr
    losses = {
        name: [
            metric.valid_loss
            for metric in MetricsTail(tmp_path / name / "metrics.jsonl").read_new()
            if isinstance(metric, ValidMetric)
        ]
        for name in ("one", "two")
    }
    assert losses["two"][0] == pytest.approx(losses["one"][-1], rel=1e-4)
    manifest = read_manifest(tmp_path / "two")
    assert manifest is not None
    assert manifest.parameters["lora_rank"] == 2
    refused = run("--output", "three", "--adapter", "one", "--lora-rank", "4")
    assert refused.returncode == 2
    assert "lora-rank is 4, and 2 in one" in refused.stderr


def test_every_assistant_turn_is_trained(run: Run, tmp_path: Path, data: Path) -> None:
    """F36: with the prompt masked, a call in the middle of a row counts like the last answer."""
    call = {"role": "assistant", "tool_calls": [{"name": "f", "arguments": {"x": "y" * 50}}]}
    user, answer = {"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}
    row = json.dumps({"messages": [user, call, {"role": "tool", "content": "r"}, answer]})
    for name in ("train", "valid"):
        (data / f"{name}.jsonl").write_text(f"{row}\n{row}\n")
    done = run("--output", "out", "--iters", "2", "--mask-prompt")
    assert done.returncode == 0, done.stderr
    assert "4 rows became 8" in done.stderr
    metrics = MetricsTail(tmp_path / "out/metrics.jsonl").read_new()
    tokens = [each.trained_tokens for each in metrics if isinstance(each, TrainMetric)]
    assert tokens[-1] > 2 * 50


def test_the_template_sees_the_tools(run: Run, tmp_path: Path, data: Path) -> None:
    """Rows with tools have more tokens than the same rows without."""
    tokens = []
    for name, more in (("without", {}), ("with", {"tools": [{"name": "read_file"}]})):
        rows = [json.dumps(chat("a", **more))] * 2
        (data / "train.jsonl").write_text("\n".join(rows) + "\n")
        assert run("--output", name, "--iters", "1").returncode == 0
        metrics = MetricsTail(tmp_path / name / "metrics.jsonl").read_new()
        tokens.append(metrics[-1].trained_tokens if isinstance(metrics[-1], TrainMetric) else 0)
    assert tokens[1] - tokens[0] == 2 * len('{"name": "read_file"}')


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(("--learning-rate", "1e30"), "loss is (nan|inf) after iteration", id="NaN"),
        pytest.param(
            ("--mask-prompt", "--max-seq-length", "8"), "train.jsonl:1: the prompt has", id="cut"
        ),
    ],
)
def test_a_spoiled_loss_stops_the_run(
    run: Run, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    """F37: one message, status 3, and nothing that looks like an adapter."""
    done = run("--output", "out", "--iters", "20", "--valid-every", "100", *options)
    assert done.returncode == 3
    assert re.search(message, done.stderr), done.stderr
    assert "[F37]" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / ".out.unfinished").exists()


def trainers() -> list[psutil.Process]:
    """Return the trainer processes that this user runs."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "punie_train.mlx.trainer_child" in words and str(os.getpid()) not in words:
            found.append(process)
    return found


@pytest.mark.parametrize(
    "sent", [pytest.param(signal.SIGINT, id="INT"), pytest.param(signal.SIGTERM, id="TERM")]
)
def test_an_interrupted_run_keeps_its_best(
    command: Callable[..., list[str]], tmp_path: Path, sent: signal.Signals
) -> None:
    """The weights so far are kept, marked as not complete, and no process is left."""
    options = ["--output", "out", "--iters", "100000", "--valid-every", "5"]
    metrics = tmp_path / ".out.unfinished/metrics.jsonl"
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command(*options), cwd=tmp_path, stdout=said, stderr=said)
        while process.poll() is None and not (
            metrics.exists() and metrics.read_text().count('"valid"') > 2
        ):
            time.sleep(0.1)
        process.send_signal(sent)
        status = process.wait(60)
    text = (tmp_path / "said").read_text()
    assert status == 3, text
    assert "marked as not complete" in text
    assert not [each for each in trainers() if str(tmp_path) in " ".join(each.cmdline())]
    manifest = read_manifest(tmp_path / "out")
    assert manifest is not None
    assert not manifest.complete
    assert manifest.best_iteration
