"""Our numbers for quantized weights are MLX's, for every mode, width and group size."""

import json
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

from punie_train.mlx.model_weights import ModelWeights
from punie_train.mlx.quantized_values import unpack

SHAPE = (6, 256)


def dequantized(directory: Path, parameters: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Write a quantized matrix as mlx-lm does; return its numbers read by MLX and by us."""
    weight = mx.random.normal(SHAPE, key=mx.random.key(1))
    parts = mx.quantize(weight, **parameters)
    names = ("q.weight", "q.scales", "q.biases")
    tensors: dict[str, mx.array] = dict(zip(names, parts, strict=False))
    mx.save_safetensors(str(directory / "model.safetensors"), tensors)
    (directory / "config.json").write_text(json.dumps({"quantization": parameters}))
    theirs = mx.dequantize(parts[0], parts[1], tensors.get("q.biases"), **parameters)
    matrix = ModelWeights(directory).matrix("q")
    assert matrix is not None
    assert matrix.shape == SHAPE
    return np.array(theirs.astype(mx.float32)), matrix.rows(np.arange(SHAPE[0]))


@pytest.mark.parametrize("bits", [2, 3, 4, 5, 6, 8])
@pytest.mark.parametrize("group_size", [32, 64, 128])
def test_affine_numbers_are_mlx_ones(tmp_path: Path, bits: int, group_size: int) -> None:
    """Equal up to the last digits of float32."""
    theirs, ours = dequantized(tmp_path, {"bits": bits, "group_size": group_size, "mode": "affine"})
    assert np.allclose(theirs, ours, rtol=1e-6, atol=1e-6)
    assert len(np.unique(theirs)) > 2**bits


@pytest.mark.parametrize(
    ("mode", "bits", "group_size"), [("mxfp4", 4, 32), ("mxfp8", 8, 32), ("nvfp4", 4, 16)]
)
def test_microscaled_numbers_are_mlx_ones(
    tmp_path: Path, mode: str, bits: int, group_size: int
) -> None:
    """Equal to the last digit: values and scales are powers of two and short fractions."""
    theirs, ours = dequantized(tmp_path, {"bits": bits, "group_size": group_size, "mode": mode})
    assert np.array_equal(theirs, ours)


def test_values_come_in_order_from_the_lowest_bit() -> None:
    """Three-bit values run over the ends of bytes."""
    bits = "".join(f"{value:03b}"[::-1] for value in (1, 2, 3, 4, 5, 6, 7, 0))
    stream = [int(bits[start : start + 8][::-1], 2) for start in range(0, 24, 8)]
    assert unpack(np.array([stream], np.uint8), 3).tolist() == [[1, 2, 3, 4, 5, 6, 7, 0]]
