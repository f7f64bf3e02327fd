"""What we say an adapter adds to a weight is what mlx-lm's fuse adds, for each kind of layer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
from mlx import nn
from mlx_lm.models.switch_layers import SwitchLinear
from mlx_lm.tuner.dora import DoRALinear
from mlx_lm.tuner.lora import LoRAEmbedding, LoRALinear, LoRASwitchLinear

from punie_train.mlx.adapter_effect import AdapterEffects
from punie_train.mlx.model_weights import ModelWeights

SCALE, RANK = 4.0, 3


def linear(kind: Any) -> Callable[[], tuple[mx.array, Any]]:
    """Return a function that makes a base weight and a layer with an adapter on it."""

    def make() -> tuple[mx.array, Any]:
        base = nn.Linear(16, 12, bias=False)
        return base.weight, kind.from_base(base, r=RANK, scale=SCALE)

    return make


def embedding() -> tuple[mx.array, Any]:
    """Make an embedding of 20 tokens."""
    base = nn.Embedding(20, 16)
    return base.weight, LoRAEmbedding.from_base(base, r=RANK, scale=SCALE)


def experts() -> tuple[mx.array, Any]:
    """Make five experts of one shape."""
    base = SwitchLinear(16, 12, 5, bias=False)
    return base.weight, LoRASwitchLinear.from_base(base, r=RANK, scale=SCALE)


def written(directory: Path, tensors: dict[str, mx.array], kind: str = "lora") -> AdapterEffects:
    """Write an adapter directory and read it."""
    mx.save_safetensors(str(directory / "adapters.safetensors"), tensors)
    config = {"fine_tune_type": kind, "lora_parameters": {"rank": RANK, "scale": SCALE}}
    (directory / "adapter_config.json").write_text(json.dumps(config))
    return AdapterEffects(directory)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(linear(LoRALinear), "lora", id="linear"),
        pytest.param(linear(DoRALinear), "dora", id="dora"),
        pytest.param(embedding, "lora", id="embedding"),
        pytest.param(experts, "lora", id="experts"),
    ],
)
def test_the_effect_is_what_mlx_lm_fuses(
    tmp_path: Path, make: Callable[[], tuple[mx.array, Any]], kind: str
) -> None:
    """Every row, also when rows are chosen out of order; B is not zero, as after training."""
    base, layer = make()
    layer.lora_b = mx.random.normal(layer.lora_b.shape, key=mx.random.key(2))
    if kind == "dora":
        layer.m = layer.m * 1.25
    names = [name for name in ("lora_a", "lora_b", "m") if name in layer]
    effects = written(tmp_path, {f"x.{name}": layer[name] for name in names}, kind)
    before = np.array(base).reshape(-1, base.shape[-1])
    expected = np.array(layer.fuse().weight).reshape(before.shape) - before
    assert effects.modules == ("x",)
    effect = effects.effect("x", before.shape)
    assert effect is not None
    chosen = np.arange(len(before))[::-3]
    assert np.allclose(effect.rows(chosen, before[chosen]), expected[chosen], atol=1e-5)
    assert np.abs(expected).max() > 0.1


def test_full_fine_tuning_replaces_weights(tmp_path: Path) -> None:
    """The effect is the difference; vectors such as norms are no matrices."""
    tensors = {"x.weight": mx.ones((4, 6)) * 3, "norm.weight": mx.ones(6)}
    effects = written(tmp_path, tensors, "full")
    assert effects.modules == ("x",)
    effect = effects.effect("x", (4, 6))
    assert effect is not None
    chosen = np.arange(4)
    assert np.array_equal(effect.rows(chosen, np.ones((4, 6), np.float32)), np.full((4, 6), 2.0))


def test_shapes_that_do_not_fit_have_no_effect(tmp_path: Path) -> None:
    """An adapter of another model is not added somehow."""
    effects = written(tmp_path, {"x.lora_a": mx.ones((16, 3)), "x.lora_b": mx.ones((3, 12))})
    assert effects.effect("x", (12, 16)) is not None
    assert effects.effect("x", (12, 17)) is None


def test_experts_of_a_checkpoint_that_names_each(tmp_path: Path) -> None:
    """They are read as one stacked matrix, as MLX names it."""
    mx.save_safetensors(
        str(tmp_path / "model-00001-of-00002.safetensors"),
        {
            f"l.mlp.experts.{index}.up_proj.weight": mx.full((2, 4), float(index))
            for index in range(2)
        },
    )
    mx.save_safetensors(
        str(tmp_path / "model-00002-of-00002.safetensors"),
        {"l.mlp.experts.2.up_proj.weight": mx.full((2, 4), 2.0).astype(mx.bfloat16)},
    )
    (tmp_path / "config.json").write_text("{}")
    weights = ModelWeights(tmp_path)
    matrix = weights.matrix("l.mlp.switch_mlp.up_proj")
    assert matrix is not None
    assert matrix.shape == (6, 4)
    assert matrix.rows(np.array([5, 0, 3])).tolist() == [[2.0] * 4, [0.0] * 4, [1.0] * 4]
    assert weights.matrix("l.mlp.switch_mlp.down_proj") is None
    assert weights.matrix("l.mlp.up_proj") is None
