"""What a conversion is made from is found, or it is said why not."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.model_manifest import ModelManifest, write_model_manifest
from punie_train.workflows.conversion_plan import (
    ConversionPlan,
    check_apart,
    plan_fuse,
    plan_quantize,
)

ADAPTER = {"q.lora_a": np.ones((4, 1), np.float32), "q.lora_b": np.ones((1, 4), np.float32)}


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the digest cache of a test to the test, and stand in its project."""
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return a model that looks like one."""
    return make_model(tmp_path / "base", 1.0)


@pytest.fixture
def adapter(tmp_path: Path, base: Path) -> Path:
    """Return an adapter of it."""
    directory = tmp_path / "adapters/v1"
    directory.mkdir(parents=True)
    save_file(ADAPTER, directory / "adapters.safetensors")
    (directory / "adapter_config.json").write_text("{}")
    manifest = AdapterManifest(
        base_model=str(base),
        base_fingerprint=fingerprint(base),
        template_hash="",
        data="",
        data_hash="",
        parameters={},
        seed=0,
        versions={},
        complete=True,
    )
    write_manifest(directory, manifest)
    return directory


@pytest.fixture
def fused(tmp_path: Path, base: Path, adapter: Path) -> Path:
    """Return a model that was fused from both; the adapter is named as seen from the project."""
    directory = make_model(tmp_path / "fused", 2.0)
    manifest = ModelManifest(
        kind="fused",
        source=str(base),
        source_fingerprint=fingerprint(base),
        base_model=str(base),
        base_fingerprint=fingerprint(base),
        adapter="adapters/v1",
        adapter_fingerprint=fingerprint(adapter),
        fingerprint="",
        template_hash="",
        parameters={"dequantize": True},
        versions={},
        bits_per_weight=16.0,
        peak_memory_gb=0.0,
    )
    write_model_manifest(directory, manifest)
    return directory


def make_model(directory: Path, value: float) -> Path:
    """Write one matrix and a config."""
    directory.mkdir()
    (directory / "config.json").write_text("{}")
    save_file({"q.weight": np.full((4, 4), value, np.float32)}, directory / "model.safetensors")
    return directory


def quantize(tmp_path: Path, model: Path, *, adapter: Path | None = None) -> ConversionPlan:
    """Plan a quantization to four bits."""
    return plan_quantize(
        str(model),
        tmp_path / "out",
        bits=4,
        group_size=64,
        mode="affine",
        adapter=adapter,
        base=None,
        probes=0,
        settings=Settings(root=tmp_path),
    )


@pytest.mark.parametrize(("dequantize", "notes"), [(True, 0), (False, 1)])
def test_the_base_is_the_one_that_the_adapter_names(
    tmp_path: Path, base: Path, adapter: Path, dequantize: bool, notes: int
) -> None:
    """--no-dequantize on a base without quantization is said to change nothing."""
    plan = plan_fuse(
        adapter,
        tmp_path / "out",
        model=None,
        dequantize=dequantize,
        probes=0,
        settings=Settings(root=tmp_path),
    )
    assert plan.source == base
    assert plan.origin is not None
    assert plan.origin.adapter == adapter
    assert len(plan.notes) == notes
    assert all("changes nothing" in note for note in plan.notes)


def test_what_a_model_was_fused_from_is_found(tmp_path: Path, fused: Path, base: Path) -> None:
    """Also from another directory than the project's."""
    plan = quantize(tmp_path, fused)
    assert plan.origin is not None
    assert plan.origin.base == base
    assert plan.origin.adapter == tmp_path / "adapters/v1"
    assert plan.notes == ()


def test_an_adapter_that_was_trained_again_is_not_looked_for(
    tmp_path: Path, fused: Path, adapter: Path
) -> None:
    """Nor one that is gone; naming one with --adapter helps."""
    save_file({name: 2 * each for name, each in ADAPTER.items()}, adapter / "adapters.safetensors")
    plan = quantize(tmp_path, fused)
    assert plan.origin is None
    assert "or has changed since" in plan.notes[0]
    named = quantize(tmp_path, fused, adapter=adapter)
    assert named.origin is not None
    (adapter / "adapters.safetensors").unlink()
    assert "holds no *.safetensors" in quantize(tmp_path, fused).notes[0]


def test_the_remedy_fits_the_bits(tmp_path: Path, fused: Path) -> None:
    """More bits are no help where there are enough."""
    plan = quantize(tmp_path, fused)
    assert "--bits 6" in plan.remedy
    assert json.loads((fused / "manifest.json").read_text())["adapter"] == "adapters/v1"
    eight = replace(plan, parameters={**plan.parameters, "bits": 8})
    assert eight.job(tmp_path / "work").work == str(tmp_path / "work")


@pytest.mark.parametrize("output", ["base", "base/inside", "."])
def test_an_output_in_or_around_a_source_is_refused(
    tmp_path: Path, base: Path, output: str
) -> None:
    """A place beside it is fine."""
    with pytest.raises(UsageError, match="overlaps with"):
        check_apart(tmp_path / output, base)
    check_apart(tmp_path / "base2", base)
