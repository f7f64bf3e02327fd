"""A model is what was asked for, or it is refused: bits, group size, and what is fused."""

import json
from pathlib import Path
from typing import Any, cast

import mlx.core as mx
import pytest

from punie_train.core.errors import ArtifactError
from punie_train.mlx.convert_job import ConversionError, FuseJob, QuantizeJob
from punie_train.mlx.made_model import check_made
from punie_train.mlx.model_manifest import ModelManifest, read_model_manifest, write_model_manifest
from punie_train.mlx.model_size import bits_per_weight, needed
from punie_train.mlx.model_weights import ModelWeights

WEIGHT = mx.random.normal((8, 128), key=mx.random.key(0))
AFFINE: dict[str, Any] = {"bits": 4, "group_size": 64, "mode": "affine"}


def model(directory: Path, *, stored: dict[str, Any] | None, said: dict[str, Any] | None) -> Path:
    """Write a model of two layers, quantized as `stored`, whose config says `said`."""
    directory.mkdir(parents=True)
    tensors = {"norm.weight": mx.ones(128), "small.weight": mx.ones((4, 10))}
    if stored:
        words, scales, biases = mx.quantize(WEIGHT, **stored)
        tensors |= {"q.weight": words, "q.scales": scales, "q.biases": biases}
    else:
        tensors["q.weight"] = WEIGHT
    mx.save_safetensors(str(directory / "model.safetensors"), tensors)
    config = {"quantization": said} if said else {}
    (directory / "config.json").write_text(json.dumps(config))
    return directory


def loaded(directory: Path) -> dict[str, mx.array]:
    """Return the tensors of a model."""
    return cast(dict[str, mx.array], mx.load(str(directory / "model.safetensors")))


def quantize_job(tmp_path: Path, made: Path) -> QuantizeJob:
    """Return a job that quantizes to four bits."""
    source = model(tmp_path / "source", stored=None, said=None)
    return QuantizeJob(model=str(source), work=str(made), **AFFINE)


def test_a_model_as_asked_for(tmp_path: Path) -> None:
    """It is accepted, and what cannot be quantized is noted; its size was known before."""
    made = model(tmp_path / "made", stored=AFFINE, said=AFFINE)
    job = quantize_job(tmp_path, made)
    (note,) = check_made(job)
    assert note.startswith("1 of 2 weight matrices stay as they are")
    assert "small" in note
    stored = sum(array.nbytes for array in loaded(made).values())
    assert needed(ModelWeights(Path(job.model)), job).disk == stored
    assert bits_per_weight(ModelWeights(made)) == pytest.approx(8 * stored / (8 * 128 + 128 + 40))


@pytest.mark.parametrize(
    ("stored", "said", "message"),
    [
        pytest.param(AFFINE, {**AFFINE, "bits": 8}, "config.json says", id="config"),
        pytest.param({**AFFINE, "bits": 8}, AFFINE, "q is stored with", id="bits"),
        pytest.param(None, AFFINE, "no layer is quantized", id="nothing"),
    ],
)
def test_other_bits_are_refused(
    tmp_path: Path, stored: dict[str, Any] | None, said: dict[str, Any], message: str
) -> None:
    """In the config, in the weights, or nowhere."""
    made = model(tmp_path / "made", stored=stored, said=said)
    with pytest.raises(ConversionError, match=message):
        check_made(quantize_job(tmp_path, made))


def test_layers_that_the_model_wants_otherwise_are_noted(tmp_path: Path) -> None:
    """Such as the router of a mixture of experts, which mlx-lm stores in 8 bits."""
    eight = {**AFFINE, "bits": 8}
    made = model(tmp_path / "made", stored=eight, said={**AFFINE, "q": eight})
    assert any(
        "asks for other bits in 1 of 2" in note for note in check_made(quantize_job(tmp_path, made))
    )


@pytest.mark.parametrize("dequantize", [True, False])
def test_a_fused_model_is_dequantized_or_not(tmp_path: Path, dequantize: bool) -> None:
    """As asked: the other way is refused."""
    base = model(tmp_path / "base", stored=AFFINE, said=AFFINE)
    plain = model(tmp_path / "plain", stored=None, said=None)
    right, wrong = (plain, base) if dequantize else (base, plain)
    job = FuseJob(model=str(base), adapter="a", work=str(right), dequantize=dequantize)
    assert check_made(job) == ()
    if dequantize:
        job = FuseJob(model=str(base), adapter="a", work=str(wrong), dequantize=dequantize)
        with pytest.raises(ConversionError, match="1 layers are still quantized"):
            check_made(job)


def test_an_adapter_beside_the_weights_is_not_fused(tmp_path: Path) -> None:
    """Its matrices must be gone."""
    base = model(tmp_path / "base", stored=None, said=None)
    made = model(tmp_path / "made", stored=None, said=None)
    tensors = loaded(made) | {"q.lora_a": mx.ones((2, 2))}
    mx.save_safetensors(str(made / "model.safetensors"), tensors)
    with pytest.raises(ConversionError, match="beside the weights"):
        check_made(FuseJob(model=str(base), adapter="a", work=str(made), dequantize=True))


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """F56: what a full disk leaves is not a model."""
    made = model(tmp_path / "made", stored=AFFINE, said=AFFINE)
    job = quantize_job(tmp_path, made)
    whole = (made / "model.safetensors").read_bytes()
    (made / "model.safetensors").write_bytes(whole[:-100])
    with pytest.raises(ArtifactError, match=r"shorter than its header.*F56"):
        check_made(job)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Manifests of adapters and data are not taken for it; one that is not whole is said."""
    manifest = ModelManifest(
        kind="fused",
        source="starter",
        source_fingerprint="1",
        base_model="starter",
        base_fingerprint="1",
        adapter="adapters/v3",
        adapter_fingerprint="2",
        fingerprint="3",
        template_hash="4",
        parameters={"dequantize": True},
        versions={"mlx": "0"},
        bits_per_weight=16.0,
        peak_memory_gb=0.1,
    )
    write_model_manifest(tmp_path, manifest)
    assert read_model_manifest(tmp_path) == manifest
    (tmp_path / "manifest.json").write_text('{"kind": "fused"}')
    with pytest.raises(ArtifactError, match="not whole"):
        read_model_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"base_model": "starter"}')
    assert read_model_manifest(tmp_path) is None
