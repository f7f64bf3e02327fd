"""Options of `punie-train run` that change more than a number, with the real mlx-lm."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors import safe_open

from punie_train import starter
from punie_train.core.journal import read_journal
from punie_train.mlx.metrics import MetricsTail, TrainMetric, ValidMetric

Run = Callable[..., subprocess.CompletedProcess[str]]
LOADED = """
import sys
from mlx.utils import tree_flatten
from mlx_lm import load
model = load(sys.argv[1], adapter_path=sys.argv[2])[0]
ups = [(n, v) for n, v in tree_flatten(model.parameters()) if n.endswith("lora_b")]
print(*sorted({n.split(".")[2] for n, v in ups}), "|",
      *sorted({n.split(".")[2] for n, v in ups if abs(v).max().item() > 0}))
"""
PLAIN = """
import json, sys, types
import numpy as np, yaml
from mlx_lm import lora
from mlx_lm.utils import load

class Record:
    seen = []
    def on_train_loss_report(self, info): self.seen.append([info["iteration"], info["train_loss"]])
    def on_val_loss_report(self, info): self.seen.append([info["iteration"], info["val_loss"]])

read = yaml.safe_load(open(sys.argv[1]))
args = types.SimpleNamespace(**{**lora.CONFIG_DEFAULTS, **read, "model": sys.argv[2],
                                "data": sys.argv[3], "adapter_path": "plain"})
np.random.seed(args.seed)
model, tokenizer = load(args.model)[:2]
train, valid, _ = lora.load_dataset(args, tokenizer)
lora.train_model(args, model, train, valid, Record())
json.dump(Record.seen, open("plain.json", "w"))
"""
WANDB = """
import json, os
def _add(kind, **values):
    with open(os.environ["TRACKED"], "a") as file:
        file.write(json.dumps([kind, values], default=str) + "\\n")
def init(**values):
    _add("init", name=values["name"], rank=values["config"]["lora_parameters"]["rank"])
def log(values, step): _add("log", step=step, **values)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layers", "trained"),
    [
        pytest.param("first 1", "0", id="first"),
        pytest.param("every other", "1", id="every other"),
    ],
)
def test_plain_mlx_lm_loads_layers_that_it_cannot_choose(
    run: Run, tmp_path: Path, tiny_model: Path, layers: str, trained: str
) -> None:
    """S17: there are adapters in all layers; those of the others are zero."""
    done = run("--output", "out", "--iters", "3", "--num-layers", layers)
    assert done.returncode == 0, done.stderr
    written = json.loads((tmp_path / "out/adapter_config.json").read_text())
    assert (written["num_layers"], written["layer_choice"]) == (-1, layers)
    argv = [sys.executable, "-c", LOADED, str(tiny_model), str(tmp_path / "out")]
    loaded = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    assert loaded.split("|")[0].split() == ["0", "1"]
    assert loaded.split("|")[1].strip() == trained
    on_top = run("--output", "top", "--adapter", "out", "--iters", "1")
    assert on_top.returncode == 0, on_top.stderr
    with safe_open(tmp_path / "top/adapters.safetensors", "np") as weights:
        assert {name.split(".")[2] for name in weights.keys()} == {trained}  # noqa: SIM118


@pytest.mark.slow
def test_losses_are_those_of_mlx_lm_to_the_last_digit(tmp_path: Path) -> None:
    """On rows with one assistant turn, validations included, with the starter model."""
    rows = [
        line
        for line in (Path(__file__).parents[3] / "data/v1/train.jsonl").read_text().splitlines()
        if line.count('"role":"assistant"') == 1 and line.count('"role":"tool"') == 0
    ]
    data = tmp_path / "data"
    data.mkdir()
    (data / "train.jsonl").write_text("\n".join(rows[:24]) + "\n")
    (data / "valid.jsonl").write_text("\n".join(rows[24:32]) + "\n")
    argv = [sys.executable, "-m", "punie_train", "run", "data", "--output", "ours"]
    argv += ["--iters", "8", "--batch-size", "4", "--learning-rate", "1e-3", "--valid-every", "3"]
    argv += ["--mask-prompt", "--lora-dropout", "0.05", "--seed", "7", "--skip-checks"]
    subprocess.run(argv, cwd=tmp_path, check=True, capture_output=True)
    model = str(starter.model_path())
    plain = [sys.executable, "-c", PLAIN, "ours/run.yaml", model, "data"]
    subprocess.run(plain, cwd=tmp_path, check=True, capture_output=True)
    ours = [
        [each.iteration, each.valid_loss if isinstance(each, ValidMetric) else each.train_loss]
        for each in MetricsTail(tmp_path / "ours/metrics.jsonl").read_new()
    ]
    assert ours == json.loads((tmp_path / "plain.json").read_text())
    assert len(ours) == 8 + 4


@pytest.mark.slow
def test_a_tracker_hears_every_report(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mlx-lm's own callback for wandb, with a small package in wandb's place."""
    refused = run("--output", "out", "--report-to", "swanlab")
    assert refused.returncode == 2
    assert "pip install swanlab" in refused.stderr
    package = tmp_path / "packages"
    package.mkdir()
    (package / "wandb.py").write_text(WANDB)
    source = Path(starter.__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", f"{package}:{source}")
    monkeypatch.setenv("TRACKED", str(tmp_path / "tracked"))
    done = run("--output", "out", "--iters", "3", "--report-to", "wandb", "--valid-every", "2")
    assert done.returncode == 0, done.stderr
    tracked = [json.loads(line) for line in (tmp_path / "tracked").read_text().splitlines()]
    assert tracked[0] == ["init", {"name": "out", "rank": 8}]
    assert [entry["step"] for _, entry in tracked[1:] if "train_loss" in entry] == [1, 2, 3]
    assert [entry["step"] for _, entry in tracked[1:] if "val_loss" in entry] == [0, 1, 2]


@pytest.mark.slow
def test_a_spoiled_batch_is_named(run: Run, data: Path) -> None:
    """F37: the rows of the batch, and that the untrained model can take each of them."""
    done = run("--output", "out", "--iters", "20", "--learning-rate", "1e30")
    assert done.returncode == 3
    assert f"{data}/train.jsonl:" in done.stderr
    assert "the untrained model has a finite loss on each of them" in done.stderr


@pytest.mark.slow
def test_two_processes_learn_what_one_does(run: Run, tmp_path: Path) -> None:
    """The same global batches; rows of one length, so that the means of halves are the mean."""
    options = ("--iters", "6", "--valid-every", "3")
    one = run("--output", "one", *options)
    two = run("--output", "two", *options, "--hosts", "127.0.0.1", "--nproc", "2")
    assert (one.returncode, two.returncode) == (0, 0), two.stderr
    losses = {
        name: [
            each.train_loss
            for each in MetricsTail(tmp_path / name / "metrics.jsonl").read_new()
            if isinstance(each, TrainMetric)
        ]
        for name in ("one", "two")
    }
    assert len(losses["one"]) == 6
    assert losses["two"] == pytest.approx(losses["one"], rel=0.02)
    refused = run("--output", "three", "--nproc", "3")
    assert refused.returncode == 2
    assert "give a multiple" in refused.stderr


@pytest.mark.slow
def test_a_run_is_evaluated_and_noted(run: Run, tmp_path: Path, tiny_model: Path) -> None:
    """One option: both entries of the journal, and the exit status of the gates."""
    (tmp_path / "pyproject.toml").write_text("[tool.punie-train]\n[tool.pytest.ini_options]\n")
    (tmp_path / "evals").mkdir()
    case = "{id: say-a, category: general, prompt: say a, expect: {keywords: [say]}}"
    (tmp_path / "evals/small.yaml").write_text(f"suite: small\ncases:\n  - {case}\n")
    done = run("--output", "first", "--iters", "2", "--evaluate-after", "evals")
    assert "Evaluated first against base" in done.stderr, done.stderr + done.stdout
    assert done.returncode in (0, 1), done.stderr
    again = run("--output", "second", "--iters", "2", "--evaluate-after", "evals")
    assert "against" in again.stderr
    assert "first" in again.stderr.split("Evaluated second against")[1].splitlines()[0]
    kinds = [entry.kind for entry in read_journal(tmp_path / "reports/journal.jsonl").entries]
    assert kinds == ["training", "evaluation"] * 2
