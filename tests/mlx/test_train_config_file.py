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
        pytest.param(
            "iters: 8\nlearning_rate: 1e-3\nwarmup: 2\ngrad_accumulation_steps: 2\n"
            "lr_schedule: {name: linear_schedule, arguments: [0.001, 0.001, 4], warmup: 2}\n",
            {
                "iters": 8,
                "grad_accumulation_steps": 2,
                "schedule": "constant",
                "learning_rate": 1e-3,
                "warmup": 2,
            },
            id="flat schedule",
        ),
        pytest.param(
            "test: false\ntest_batches: 100\nclear_cache_threshold: 0\nlora_parameters: null\n"
            "optimizer_config: {adam: {}, adamw: null, adafactor: {relative_step: false}}\n",
            {},
            id="keys of mlx-lm's example that change nothing",
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
        pytest.param("lr_schedule: cosine\n", "lr_schedule is 'cosine'", id="schedule, text"),
        pytest.param(
            "lr_schedule: {name: cosine_decay}\n", r"takes \[rate, steps\]", id="no arguments"
        ),
        pytest.param(
            "lr_schedule: {name: cosine_decay, arguments: [1e-3, x]}\n",
            "all numbers",
            id="arguments",
        ),
        pytest.param(
            "iters: 100\nlr_schedule: {name: cosine_decay, arguments: [1e-3, 1000]}\n",
            "takes 1000 steps, and this run has 100",
            id="steps",
        ),
        pytest.param(
            "lr_schedule: {name: cosine_decay, arguments: [1e-3, 100, 1e-7]}\n",
            "ends at 1e-07",
            id="end",
        ),
        pytest.param(
            "lr_schedule: {name: cosine_decay, arguments: [1e-3, 9], warmup_init: 1e-7}\n",
            "`warmup_init` is not 0",
            id="warm-up from",
        ),
        pytest.param(
            "learning_rate: 1e-5\nlr_schedule: {name: cosine_decay, arguments: [1e-3, 100]}\n",
            "begins at 0.001, and `learning_rate` is 1e-5",
            id="two rates",
        ),
        pytest.param("lora_parameters: 3\n", "lora_parameters is 3", id="number for a mapping"),
        pytest.param("optimizer_config: 3\n", "optimizer_config is 3", id="optimizer, number"),
        pytest.param(
            "optimizer_config: {adamw: {weight_decay: 0.1}}\n",
            "adamw` is .*weight_decay.*would reach nothing",
            id="optimizer",
        ),
        pytest.param("test: true\n", "`test` is True", id="a test that is not made"),
        pytest.param("lora_parameters: {rank: 4.5}\n", "a whole number", id="words"),
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
