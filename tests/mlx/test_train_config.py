"""Every parameter of a run reaches what mlx-lm reads, and none that cannot work is accepted."""

from dataclasses import fields, replace
from typing import Any

import pytest
import yaml

from punie_train.core.errors import UsageError
from punie_train.mlx.layer_choice import ALL_LAYERS
from punie_train.mlx.run_config_file import run_config_fields
from punie_train.mlx.train_config import RunConfig

BASE = RunConfig(model="m", data="d", adapter_path="a")
CHANGED: dict[str, Any] = {
    "model": "other",
    "data": "other",
    "adapter_path": "other",
    "fine_tune_type": "dora",
    "iters": 7,
    "batch_size": 3,
    "learning_rate": 2e-4,
    "num_layers": 5,
    "lora_rank": 16,
    "lora_scale": 10.0,
    "lora_dropout": 0.1,
    "lora_keys": ("self_attn.q_proj",),
    "mask_prompt": True,
    "max_seq_length": 512,
    "optimizer": "adamw",
    "schedule": "cosine",
    "warmup": 5,
    "seed": 9,
    "val_batches": -1,
    "steps_per_report": 10,
    "steps_per_eval": 50,
    "save_every": 20,
    "grad_checkpoint": True,
    "float32": True,
    "grad_accumulation_steps": 4,
    "resume_adapter_file": "old/adapters.safetensors",
    "patience": 3,
    "layer_choice": "first 2",
    "curriculum": "tokens",
    "category": ("direct",),
    "report_to": "wandb",
    "nproc": 2,
    "hosts": ("10.0.0.1", "10.0.0.2"),
}
ALL = replace(BASE, num_layers=ALL_LAYERS)


@pytest.mark.parametrize("name", [field.name for field in fields(RunConfig)])
def test_every_field_changes_the_yaml(name: str) -> None:
    """F50: no parameter is swallowed on its way; a new field without a row here fails."""
    base = ALL if name == "layer_choice" else BASE
    assert getattr(base, name) != CHANGED[name]
    assert replace(base, **{name: CHANGED[name]}).to_yaml() != base.to_yaml()


@pytest.mark.parametrize("name", [field.name for field in fields(RunConfig)])
def test_every_field_comes_back_from_the_yaml(name: str) -> None:
    """The run.yaml of an adapter repeats its run."""
    config = replace(ALL if name == "layer_choice" else BASE, **{name: CHANGED[name]})
    read = run_config_fields(yaml.safe_load(config.to_yaml()), where="run.yaml")
    assert RunConfig(**read) == config


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, None, id="constant"),
        pytest.param(
            {"schedule": "cosine", "warmup": 10},
            {"name": "cosine_decay", "arguments": [1e-5, 90], "warmup": 10},
            id="cosine after warm-up",
        ),
        pytest.param(
            {"schedule": "linear"},
            {"name": "linear_schedule", "arguments": [1e-5, 0.0, 100], "warmup": 0},
            id="linear",
        ),
        pytest.param(
            {"warmup": 10},
            {"name": "linear_schedule", "arguments": [1e-5, 1e-5, 100], "warmup": 10},
            id="constant after warm-up",
        ),
        pytest.param(
            {"schedule": "cosine", "grad_accumulation_steps": 4},
            {"name": "cosine_decay", "arguments": [1e-5, 25], "warmup": 0},
            id="steps, not iterations",
        ),
    ],
)
def test_schedules_are_written_as_mlx_lm_reads_them(
    change: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    """The decay ends with the run."""
    assert replace(BASE, **change).to_mlx()["lr_schedule"] == expected


def test_adafactor_gets_the_learning_rate_that_was_asked() -> None:
    """Without relative_step off it would choose its own rate."""
    config = replace(BASE, optimizer="adafactor").to_mlx()
    assert config["optimizer_config"] == {"adafactor": {"relative_step": False}}


def test_full_fine_tuning_has_no_adapter_parameters() -> None:
    """mlx-lm writes none either."""
    assert replace(BASE, fine_tune_type="full").to_mlx()["lora_parameters"] is None


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"iters": 0}, id="no iterations"),
        pytest.param({"batch_size": -1}, id="negative batch"),
        pytest.param({"learning_rate": 0.0}, id="no learning rate"),
        pytest.param({"learning_rate": float("nan")}, id="learning rate is no number"),
        pytest.param({"learning_rate": float("inf")}, id="infinite learning rate"),
        pytest.param({"lora_rank": 0}, id="rank 0"),
        pytest.param({"lora_scale": 0.0}, id="scale 0"),
        pytest.param({"lora_dropout": 1.0}, id="drops everything"),
        pytest.param({"num_layers": 0}, id="no layers"),
        pytest.param({"num_layers": -2}, id="negative layers"),
        pytest.param({"val_batches": 0}, id="no validation batches"),
        pytest.param({"optimizer": "lion"}, id="optimizer"),
        pytest.param({"fine_tune_type": "qlora"}, id="type"),
        pytest.param({"schedule": "step"}, id="schedule"),
        pytest.param({"warmup": 100}, id="only warm-up"),
        pytest.param({"patience": -1}, id="patience"),
        pytest.param({"seed": -1}, id="seed"),
        pytest.param({"grad_accumulation_steps": 101}, id="never a step"),
        pytest.param({"layer_choice": "middle 3"}, id="layers"),
        pytest.param({"num_layers": 2, "layer_choice": "first 2"}, id="layers said twice"),
        pytest.param({"curriculum": "words"}, id="curriculum"),
        pytest.param({"report_to": "wandb,paper"}, id="tracker"),
        pytest.param({"nproc": 0}, id="no process"),
        pytest.param({"batch_size": 3, "nproc": 2}, id="batch not shared evenly"),
    ],
)
def test_what_cannot_work_is_refused(change: dict[str, Any]) -> None:
    """The message names the parameter and its value."""
    with pytest.raises(UsageError) as caught:
        replace(BASE, **change)
    name, value = next(iter(change.items()))
    assert str(caught.value).startswith(f"{name.replace('_', '-')} is {value!r}")
