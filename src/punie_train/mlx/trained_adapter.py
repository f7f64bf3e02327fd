"""What mlx-lm wrote, compared with what was asked."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from punie_train.mlx.layer_choice import chosen_layers
from punie_train.mlx.safetensors_reader import read_tensors
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.training_errors import TrainingError

WEIGHTS_NAME = "adapters.safetensors"
BEST_NAME = "best_adapters.safetensors"
ADAPTER_CONFIG_NAME = "adapter_config.json"
_ELSEWHERE = {"adapter_path"}


def check_trained(directory: Path, config: RunConfig, *, model_layers: int) -> None:
    """Raise TrainingError where adapter_config.json or the weights differ from what was asked.

    Raises ArtifactError when the weights are no complete file.
    """
    written = json.loads((directory / ADAPTER_CONFIG_NAME).read_text(encoding="utf-8"))
    shapes = {tensor.name: tensor.shape for tensor in read_tensors(directory / WEIGHTS_NAME)}
    wrong = [*config_differences(config, written)]
    if config.fine_tune_type != "full":
        wrong += weight_differences(config, shapes, model_layers=model_layers)
    if not shapes:
        wrong.append("no weights were trained")
    if wrong:
        raise TrainingError(
            f"the trained adapter is not what was asked for ({'; '.join(wrong)})",
            "its scores would be those of another configuration",
            "Report this with the version of mlx-lm, or use the version that punie-train asks for.",
            failure="F50",
        )


def config_differences(config: RunConfig, written: Mapping[str, Any]) -> list[str]:
    """Return, in words, where an adapter_config.json differs from what was asked."""
    asked = {key: value for key, value in config.to_mlx().items() if key not in _ELSEWHERE}
    return [
        f"{key} is {written.get(key, 'missing')!r} instead of {value!r}"
        for key, value in asked.items()
        if key not in written or written[key] != value
    ]


def weight_differences(
    config: RunConfig, shapes: Mapping[str, tuple[int, ...]], *, model_layers: int
) -> list[str]:
    """Return, in words, where the rank or the number of trained layers is another than asked."""
    wrong = [
        f"{name} has shape {shape}, without the rank {config.lora_rank}"
        for name, shape in shapes.items()
        if name.endswith("lora_a") and config.lora_rank not in shape
    ]
    layers = {int(name.split(".layers.")[1].split(".")[0]) for name in shapes if ".layers." in name}
    asked = chosen_layers(config.num_layers, config.layer_choice, model_layers)
    if layers != set(asked):
        wrong.append(f"layers {_listed(layers)} have adapters instead of {_listed(asked)}")
    return wrong[:3]


def _listed(layers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(layers))) or "none"


def write_adapter_config(directory: Path, config: RunConfig) -> None:
    """Replace the working paths in adapter_config.json by those of the user."""
    path = directory / ADAPTER_CONFIG_NAME
    written = json.loads(path.read_text(encoding="utf-8"))
    shown = {"model": config.model, "data": config.data, "adapter_path": config.adapter_path}
    text = json.dumps({**written, **shown}, indent=4, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
