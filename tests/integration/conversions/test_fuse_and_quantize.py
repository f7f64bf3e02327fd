"""`fuse` and `quantize` with the real mlx-lm on the starter model: what stays, what is lost."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import mlx.core as mx
import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.kept_files import differences
from punie_train.mlx.model_manifest import read_model_manifest
from punie_train.starter import model_path
from punie_train.workflows.convert import MadeModel

Convert = Callable[..., MadeModel]

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
CASE = """
suite: small
cases:
  - id: read
    category: tool_calling
    prompt: Read the file src/main.py.
    expect: {calls: [{read_file: {path: src/main.py}}]}
"""
FILES = {
    "chat_template.jinja",
    "config.json",
    "generation_config.json",
    "manifest.json",
    "model.safetensors",
    "model.safetensors.index.json",
    "retention.json",
    "tokenizer.json",
    "tokenizer_config.json",
}


def tensors_of(model: Path) -> dict[str, mx.array]:
    """Return the tensors of a model's one file."""
    return cast(dict[str, mx.array], mx.load(str(model / "model.safetensors")))


def test_a_fused_model_is_whole(whole: Path, adapter: Path) -> None:
    """All files, the same tokenizer and end tokens, the whole signal, and a true manifest."""
    assert {path.name for path in whole.iterdir()} == FILES
    assert list(differences(model_path(), whole)) == []
    signal_kept = json.loads((whole / "retention.json").read_text())["signal"]
    assert signal_kept["share"] == pytest.approx(1.0, abs=0.02)
    assert signal_kept["cosine"] > 0.98
    assert signal_kept["strength"] == pytest.approx(0.02, abs=0.001)
    blocks = json.loads((whole / "config.json").read_text())["num_hidden_layers"]
    assert len(signal_kept["layers"]) == 7 * blocks  # the matrices of attention and feed-forward
    manifest = read_model_manifest(whole)
    assert manifest is not None
    assert manifest.complete
    assert (manifest.kind, manifest.parameters) == ("fused", {"dequantize": True})
    assert manifest.base_fingerprint == manifest.source_fingerprint == fingerprint(model_path())
    assert manifest.adapter_fingerprint == fingerprint(adapter)
    assert manifest.fingerprint == fingerprint(whole)
    assert manifest.versions["mlx-lm"]
    assert manifest.retention["share"] == signal_kept["share"]
    assert manifest.retention["cosine"] == signal_kept["cosine"]


def test_the_weights_are_those_of_plain_mlx_lm(whole: Path, adapter: Path, tmp_path: Path) -> None:
    """`mlx_lm fuse` makes the same tensors: reading lazily changes nothing."""
    argv = [sys.executable, "-m", "mlx_lm", "fuse", "--model", str(model_path())]
    argv += ["--adapter-path", str(adapter), "--save-path", str(tmp_path / "plain")]
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    ours, plain = tensors_of(whole), tensors_of(tmp_path / "plain")
    assert ours.keys() == plain.keys()
    assert all(mx.array_equal(ours[name], plain[name]) for name in ours)


def test_a_4_bit_base_loses_the_adapter_unless_dequantized(
    adapter4: Path, base4: Path, tmp_path: Path, fused: Convert
) -> None:
    """F53: rounded to the same 4 bits the effect is gone and said to be; dequantized it stays."""
    lost = fused(adapter4, tmp_path / "lost", dequantize=False)
    assert lost.retention.signal is not None
    assert lost.retention.signal.share < 0.5
    assert "of the adapter's effect is left in the weights" in lost.warnings[0]
    assert "Leave out --no-dequantize" in lost.warnings[0]
    assert "[F53]" in lost.warnings[0]
    assert "quantization" in json.loads((lost.path / "config.json").read_text())
    stays = fused(adapter4, tmp_path / "stays")
    assert stays.retention.signal is not None
    assert stays.retention.signal.share > 0.95
    assert stays.retention.signal.cosine > 0.95
    assert stays.warnings == ()
    assert "quantization" not in json.loads((stays.path / "config.json").read_text())
    assert stays.manifest.bits_per_weight == 16
    assert lost.manifest.bits_per_weight == pytest.approx(4.52, abs=0.05)


@pytest.mark.slow
def test_an_8_bit_base_keeps_the_adapter(
    place: Path,
    tmp_path: Path,
    fused: Convert,
    quantized: Convert,
    random_adapter: Callable[..., Path],
) -> None:
    """The same adapter, rounded to 8 bits again, is still there."""
    base8 = quantized("starter", tmp_path / "base8", bits=8).path
    adapter8 = random_adapter(tmp_path / "adapter8", base8, strength=0.02)
    made = fused(adapter8, tmp_path / "fused8", dequantize=False)
    assert made.retention.signal is not None
    assert made.retention.signal.share > 0.9
    assert made.warnings == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bits", "mode"), [(3, "affine"), (4, "affine"), (4, "mxfp4"), (6, "affine")]
)
def test_fewer_bits_bring_more_noise(
    whole: Path, tmp_path: Path, bits: int, mode: str, quantized: Convert
) -> None:
    """The origin is found by the manifest; at 3 and 4 bits so small an effect drowns."""
    options = {} if mode == "affine" else {"group_size": 32, "mode": mode}
    made = quantized(str(whole), tmp_path / "made", bits=bits, **options)
    kept = made.retention.signal
    assert kept is not None
    assert kept.drowned == bool(made.warnings) == (bits < 6)
    assert list(differences(whole, made.path)) == []
    assert made.manifest.base_model == str(model_path())
    assert made.manifest.parameters["bits"] == bits


def test_a_quantized_model_has_the_bits_asked_for(
    whole: Path, base4: Path, tmp_path: Path, quantized: Convert
) -> None:
    """In its config and its weights; without a known adapter it says so; twice is refused."""
    config = json.loads((base4 / "config.json").read_text())
    assert config["quantization"] == {"bits": 4, "group_size": 64, "mode": "affine"}
    packed = config["hidden_size"] * 4 // 32
    assert tensors_of(base4)["model.embed_tokens.weight"].shape == (1024, packed)
    told = json.loads((base4 / "retention.json").read_text())
    assert told["signal"] is None
    assert "no adapter is known to be in starter" in told["notes"][0]
    with pytest.raises(UsageError, match=r"quantized already \(4 bits\).*made from: starter"):
        quantized(str(base4), tmp_path / "again", bits=4)
    with pytest.raises(UsageError, match="--bits is 7"):
        quantized(str(whole), tmp_path / "seven", bits=7)
    assert not list(tmp_path.glob("*again*"))


@pytest.mark.slow
def test_the_commands_compare_replies(
    place: Path, tmp_path: Path, random_adapter: Callable[..., Path]
) -> None:
    """Adapter, bare and fused model are asked for real; a strong effect changes what they say."""
    strong = random_adapter(tmp_path / "strong", model_path(), strength=0.5)
    argv = ["fuse", "--adapter", str(strong), "--output", str(tmp_path / "fused"), "--probes", "3"]
    done = RUNNER.invoke(app, argv)
    assert done.exit_code == 0, done.output
    assert re.search(r"all \d+ matrices", done.stdout)
    assert "where the adapter changes the reply" in done.stdout
    assert "pytest evals --candidate adapter=" in done.stdout
    replies = json.loads((tmp_path / "fused/retention.json").read_text())["replies"]
    assert (replies["reference"], replies["probes"]) == ("strong", 3)
    assert replies["changed_by_adapter"] > 0
    argv = [
        "quantize",
        "starter",
        "-o",
        str(tmp_path / "q8"),
        "--bits",
        "8",
        "--probes",
        "2",
        "--json",
    ]
    done = RUNNER.invoke(app, argv)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["manifest"]["kind"] == "quantized"
    assert told["retention"]["replies"]["probes"] == 2
    assert told["retention"]["replies"]["endless"] == 0


@pytest.mark.slow
def test_all_three_are_measured_in_one_session(
    whole: Path, adapter: Path, tmp_path: Path, quantized: Convert
) -> None:
    """`--candidate` takes an adapter, a fused and a quantized model: scores and speed of each."""
    small = quantized(str(whole), tmp_path / "q8", bits=8).path
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n[tool.punie-train]\n")
    (tmp_path / "evals").mkdir()
    (tmp_path / "evals/cases.yaml").write_text(CASE)
    argv = [sys.executable, "-m", "pytest", "evals", "--eval-report", "report.json"]
    for candidate in (adapter, f"fused={whole}", small):
        argv += ["--candidate", str(candidate)]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    assert [each["adapter"] for each in report["results"]] == [adapter.name, "fused", "q8"]
    assert report["adapters"][0]["attestation"]["applied"] is True
    for each in report["summary"].values():
        assert each["overall"]["score"] == 1.0
        assert each["overall"]["tokens_per_second"] > 0
