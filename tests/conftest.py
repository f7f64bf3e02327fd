"""What holds for every test, and an adapter of the shipped model that needs no training."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train import starter


@pytest.fixture(scope="session")
def starter_adapter() -> Callable[..., Path]:
    """Return a function that writes a random adapter of the starter model to a directory.

    It changes every reply; with a tiny `strength` it loads and changes nothing that can be seen.
    """

    def make(directory: Path, strength: float = 0.5) -> Path:
        directory.mkdir(parents=True)
        config = json.loads((starter.model_path() / "config.json").read_text())
        width, heads = config["hidden_size"], config["num_key_value_heads"]
        name = f"model.layers.{config['num_hidden_layers'] - 1}.self_attn.v_proj.lora_"
        generator = np.random.default_rng(1)
        weights = {
            name + "a": generator.normal(size=(width, 2)),
            name + "b": strength * generator.normal(size=(2, heads * config["head_dim"])),
        }
        save_file(
            {key: value.astype(np.float32) for key, value in weights.items()},
            directory / "adapters.safetensors",
            metadata={"format": "mlx"},
        )
        parameters = {"rank": 2, "scale": 1.0, "dropout": 0.0, "keys": ["self_attn.v_proj"]}
        written = {"fine_tune_type": "lora", "num_layers": 1, "lora_parameters": parameters}
        (directory / "adapter_config.json").write_text(json.dumps(written))
        return directory

    return make


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep process records and caches of a test to the test: no reply comes from another run."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))
