"""Models that were fused and quantized for a session, and adapters of a given strength."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.model_weights import ModelWeights
from punie_train.starter import model_path
from punie_train.workflows.conversion_plan import plan_fuse, plan_quantize
from punie_train.workflows.convert import MadeModel, convert

ADAPTER_RANK, ADAPTER_SCALE = 4, 2.0


def _random_adapter(directory: Path, model: Path, *, strength: float) -> Path:
    """Write an adapter on all linear layers whose effect has `strength` times the base's norm."""
    directory.mkdir(parents=True)
    weights, generator = ModelWeights(model), np.random.default_rng(4)
    tensors = {}
    for module in weights.modules:
        matrix = weights.matrix(module)
        if matrix is None or ".layers." not in module:
            continue
        rows, columns = matrix.shape
        a, b = (
            generator.normal(size=(columns, ADAPTER_RANK)),
            generator.normal(size=(ADAPTER_RANK, rows)),
        )
        base = np.linalg.norm(matrix.rows(np.arange(rows)))
        b *= strength * base / np.linalg.norm(ADAPTER_SCALE * a @ b)
        tensors |= {f"{module}.lora_a": a, f"{module}.lora_b": b}
    floats = {name: tensor.astype(np.float32) for name, tensor in tensors.items()}
    save_file(floats, directory / "adapters.safetensors")
    parameters = {"rank": ADAPTER_RANK, "scale": ADAPTER_SCALE, "dropout": 0.0}
    config = {"fine_tune_type": "lora", "num_layers": -1, "lora_parameters": parameters}
    (directory / "adapter_config.json").write_text(json.dumps(config))
    manifest = AdapterManifest(
        base_model=str(model),
        base_fingerprint=fingerprint(model),
        template_hash="",
        data="",
        data_hash="",
        parameters={},
        seed=4,
        versions={},
        complete=True,
    )
    write_manifest(directory, manifest)
    return directory


def _fused(adapter: Path, output: Path, *, probes: int = 0, **options: Any) -> MadeModel:
    """Fuse without settings."""
    settings = Settings(root=output.parent)
    values = {"model": None, "dequantize": True, **options}
    return convert(
        plan_fuse(adapter, output, probes=probes, settings=settings, **values), settings=settings
    )


def _quantized(
    model: str, output: Path, *, bits: int, probes: int = 0, **options: Any
) -> MadeModel:
    """Quantize without settings."""
    settings = Settings(root=output.parent)
    values = {"group_size": 64, "mode": "affine", "adapter": None, "base": None, **options}
    plan = plan_quantize(model, output, bits=bits, probes=probes, settings=settings, **values)
    return convert(plan, settings=settings)


@pytest.fixture(scope="session")
def random_adapter() -> Callable[..., Path]:
    """Return a function that makes an adapter of a model, of a given strength."""
    return _random_adapter


@pytest.fixture(scope="session")
def fused() -> Callable[..., MadeModel]:
    """Return a function that fuses."""
    return _fused


@pytest.fixture(scope="session")
def quantized() -> Callable[..., MadeModel]:
    """Return a function that quantizes."""
    return _quantized


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a directory for models of the session, with its own caches."""
    directory = tmp_path_factory.mktemp("models")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUNIE_TRAIN_STATE_DIR", str(directory / "state"))
        patch.setenv("PUNIE_TRAIN_CACHE_DIR", str(directory / "cache"))
        yield directory


@pytest.fixture(scope="session")
def base4(place: Path) -> Path:
    """Return the starter in 4 bits."""
    return _quantized("starter", place / "base4", bits=4).path


@pytest.fixture(scope="session")
def adapter(place: Path) -> Path:
    """Return an adapter of the starter whose effect is as small as those of real runs."""
    return _random_adapter(place / "adapters/small", model_path(), strength=0.02)


@pytest.fixture(scope="session")
def adapter4(place: Path, base4: Path) -> Path:
    """Return the like for the 4-bit starter."""
    return _random_adapter(place / "adapters/small4", base4, strength=0.02)


@pytest.fixture(scope="session")
def whole(place: Path, adapter: Path) -> Path:
    """Return the starter with that adapter fused in."""
    return _fused(adapter, place / "whole").path
