"""What the trainer wrote is compared with what was asked."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import ArtifactError
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.trained_adapter import check_trained, write_adapter_config
from punie_train.mlx.training_errors import TrainingError

CONFIG = RunConfig(model="m", data="d", adapter_path="a", lora_rank=4, num_layers=2)


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """Return an adapter of rank 4 in two layers."""
    weights = {}
    for layer in (2, 3):
        name = f"model.layers.{layer}.self_attn.q_proj.lora_"
        weights[name + "a"] = np.ones((16, 4), np.float32)
        weights[name + "b"] = np.ones((4, 16), np.float32)
    save_file(weights, tmp_path / "adapters.safetensors")
    written = {**CONFIG.to_mlx(), "adapter_path": "/elsewhere"}
    (tmp_path / "adapter_config.json").write_text(json.dumps(written))
    return tmp_path


def change(adapter: Path, key: str, value: object) -> None:
    """Change one key of the written configuration."""
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))


def test_what_was_asked_passes(adapter: Path) -> None:
    """The working path may differ, nothing else."""
    check_trained(adapter, CONFIG, model_layers=4)


def test_another_parameter_in_the_configuration_is_an_error(adapter: Path) -> None:
    """F50: named with both values."""
    change(adapter, "lora_parameters", {"rank": 8})
    with pytest.raises(TrainingError, match=r"lora_parameters is \{'rank': 8\} instead.*F50"):
        check_trained(adapter, CONFIG, model_layers=4)


def test_another_rank_in_the_weights_is_an_error(adapter: Path) -> None:
    """F50: the configuration alone proves nothing."""
    path = adapter / "adapters.safetensors"
    save_file({"model.layers.3.self_attn.q_proj.lora_a": np.ones((16, 8), np.float32)}, path)
    with pytest.raises(TrainingError, match=r"without the rank 4; layers 3 have .* of 2, 3"):
        check_trained(adapter, CONFIG, model_layers=4)


def test_half_a_file_is_an_error(adapter: Path) -> None:
    """F56: weights that were cut off are no weights."""
    path = adapter / "adapters.safetensors"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ArtifactError, match="F56"):
        check_trained(adapter, CONFIG, model_layers=4)


def test_working_paths_are_replaced_by_the_users(adapter: Path) -> None:
    """An adapter names no directory of the machine that trained it."""
    write_adapter_config(adapter, CONFIG)
    written = json.loads((adapter / "adapter_config.json").read_text())
    assert (written["model"], written["data"], written["adapter_path"]) == ("m", "d", "a")
    assert written["lora_parameters"]["rank"] == 4
