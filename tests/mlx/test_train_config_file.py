"""A run file holds mlx-lm's keys; a wrong one is an error with a suggestion."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.mlx.run_config_file import read_run_config


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("batch_size: 4\n", {"batch_size": 4}, id="whole number"),
        pytest.param("learning_rate: 1e-5\n", {"learning_rate": 1e-5}, id="YAML reads text"),
        pytest.param(
            "lora_parameters: {rank: 16, scale: 2, keys: [mlp.up_proj]}\n",
            {"lora_rank": 16, "lora_scale": 2.0, "lora_keys": ("mlp.up_proj",)},
            id="nested",
        ),
        pytest.param("train: true\nmask_prompt: true\n", {"mask_prompt": True}, id="derived"),
        pytest.param(
            "lr_schedule: {name: cosine_decay, arguments: [1e-3, 90], warmup: 10}\n",
            {"schedule": "cosine", "learning_rate": 1e-3, "warmup": 10},
            id="schedule",
        ),
    ],
)
def test_keys_become_fields(tmp_path: Path, text: str, expected: dict[str, Any]) -> None:
    """Values have the type of their field."""
    path = tmp_path / "run.yaml"
    path.write_text(text)
    assert read_run_config(path) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("batch_sise: 4\n", "unknown key 'batch_sise'.*'batch_size'", id="key"),
        pytest.param("lora_parameters: {alpha: 4}\n", "lora_parameters.*'alpha'", id="nested"),
        pytest.param("lr_schedule: {name: step_decay}\n", "'step_decay'", id="schedule"),
        pytest.param("iters: many\n", "`iters` is 'many'", id="text for a number"),
        pytest.param("iters: true\n", "`iters` is True", id="truth for a number"),
        pytest.param("learning_rate: fast\n", "`learning_rate` is 'fast'", id="text for a rate"),
        pytest.param("mask_prompt: 1\n", "`mask_prompt` is 1", id="number for a truth"),
        pytest.param("- a\n", "no YAML mapping", id="list"),
        pytest.param("a: [\n", "cannot be read", id="not YAML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """The message names the file and the key."""
    path = tmp_path / "run.yaml"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_run_config(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """No traceback."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_run_config(tmp_path / "run.yaml")
