"""Turn options, a run file, an older adapter and settings into one run configuration."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import STARTER, read_manifest
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.base_config import layer_count
from punie_train.mlx.layer_choice import ALL_LAYERS, chosen_layers
from punie_train.mlx.run_config_file import read_run_config, run_config_fields
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.trained_adapter import ADAPTER_CONFIG_NAME, WEIGHTS_NAME
from punie_train.workflows.find_model import find_model

DEFAULT_LAYERS = 16
_INHERITED = (
    "fine_tune_type",
    "num_layers",
    "layer_choice",
    "lora_rank",
    "lora_scale",
    "lora_dropout",
    "lora_keys",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """A configuration that can be run, and the model's directory and number of layers."""

    config: RunConfig
    model_dir: Path
    model_layers: int


def plan_run(
    options: Mapping[str, Any],
    *,
    settings: Settings,
    run_file: Path | None = None,
    adapter: Path | None = None,
) -> RunPlan:
    """Plan a run: `options` (fields of RunConfig) win over `run_file`, that over `adapter`.

    `adapter` is an older adapter to train on top of. Without a named model, its base is taken,
    then the settings' model, then the starter. Raises UsageError for what does not fit together
    and ArtifactError for a model or adapter that cannot be used.
    """
    wanted = {**(read_run_config(run_file) if run_file else {}), **options}
    start = _start_of(adapter) if adapter else {}
    model = wanted.get("model") or start.pop("model", None)
    model = model or settings.located(settings.model, STARTER)
    model_dir = find_model(model)
    if adapter:
        check_adapter(adapter, model_dir)
        _check_inherited(adapter, wanted, start)
        start["resume_adapter_file"] = str(adapter / WEIGHTS_NAME)
    for name in ("data", "adapter_path"):
        if name not in wanted:
            raise UsageError(f"{name} is not given", "nothing can be trained", "See --help.")
    layers = layer_count(model_dir)
    defaults = {"num_layers": min(DEFAULT_LAYERS, layers)}
    values: dict[str, Any] = {**defaults, **start, **wanted, "model": model}
    config = RunConfig(**values)
    if config.num_layers != ALL_LAYERS and config.num_layers > layers:
        raise UsageError(
            f"--num-layers is {config.num_layers}",
            f"{model} has only {layers}",
            f"Give at most {layers}, or -1 for all.",
        )
    chosen_layers(config.num_layers, config.layer_choice, layers)
    return RunPlan(config=config, model_dir=model_dir, model_layers=layers)


def _start_of(adapter: Path) -> dict[str, Any]:
    """Return what a run on top of `adapter` must share with it."""
    path = adapter / ADAPTER_CONFIG_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtifactError(
            f"{path} cannot be read ({error})",
            "nothing can be trained on top of this adapter",
            "Give --adapter a complete adapter directory.",
            failure="F55",
        ) from error
    shared = {
        key: content[key]
        for key in ("fine_tune_type", "num_layers", "layer_choice", "lora_parameters")
        if key in content
    }
    manifest = read_manifest(adapter)
    base = {"model": manifest.base_model} if manifest else {}
    return run_config_fields({**shared, **base}, where=str(path))


def _check_inherited(adapter: Path, wanted: Mapping[str, Any], start: Mapping[str, Any]) -> None:
    for name in _INHERITED:
        if name in wanted and wanted[name] != start.get(name, wanted[name]):
            raise UsageError(
                f"{name.replace('_', '-')} is {wanted[name]!r}, and {start[name]!r} in {adapter}",
                "an adapter keeps its shape when it is trained further",
                "Leave the option out, or train from the base model.",
            )
