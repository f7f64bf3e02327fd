"""Weights are looked at without a tensor library."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from punie_train.core.errors import ArtifactError
from punie_train.mlx.safetensors_reader import Values, inspect_values, read_tensors


def _write(path: Path, header: object, data: bytes = b"") -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def test_tensors_are_listed(tmp_path: Path) -> None:
    """Names, types and shapes are read; metadata is not a tensor."""
    path = tmp_path / "w.safetensors"
    save_file(
        {"b": np.ones((2, 3), np.float32), "a": np.ones(1, np.int8)}, path, metadata={"format": "x"}
    )
    assert [(t.name, t.dtype, t.shape) for t in read_tensors(path)] == [
        ("a", "I8", (1,)),
        ("b", "F32", (2, 3)),
    ]


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(
    ("values", "finite", "zero"),
    [
        ([1.0, -2.0], True, False),
        ([0.0, -0.0], True, True),
        ([0.0, np.nan], False, False),
        ([np.inf, 1.0], False, False),
    ],
    ids=["numbers", "zeros", "nan", "infinite"],
)
def test_values(
    tmp_path: Path, kind: type[np.floating], values: list[float], finite: bool, zero: bool
) -> None:
    """Values that are not finite and tensors of zeros are noticed in every type."""
    path = tmp_path / "w.safetensors"
    save_file({"w": np.array(values, kind)}, path)
    assert list(inspect_values(path)) == [Values(name="w", finite=finite, zero=zero)]


@pytest.mark.parametrize(
    ("bits", "finite", "zero"),
    [([0x3F80, 0xC000], True, False), ([0, 0x8000], True, True), ([0x7FC0, 0], False, False)],
    ids=["numbers", "zeros", "nan"],
)
def test_bfloat16(tmp_path: Path, bits: list[int], finite: bool, zero: bool) -> None:
    """The type that numpy lacks is read as well."""
    header = {"w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}
    path = _write(tmp_path / "w.safetensors", header, struct.pack("<2H", *bits))
    assert list(inspect_values(path)) == [Values(name="w", finite=finite, zero=zero)]


def test_integers_are_passed_over(tmp_path: Path) -> None:
    """Quantized values cannot be NaN and are not looked at."""
    path = tmp_path / "w.safetensors"
    save_file({"w": np.zeros(3, np.uint32)}, path)
    assert list(inspect_values(path)) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        struct.pack("<Q", 10**9),
        struct.pack("<Q", 2) + b"[]",
        struct.pack("<Q", 3) + b"{{{",
        struct.pack("<Q", 8) + b'{"w": 1}',
    ],
    ids=["empty", "short", "long header", "list", "not JSON", "no entry"],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    """A file that is not whole is refused by name (F56)."""
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match="not a whole safetensors file") as caught:
        read_tensors(path)
    assert caught.value.failure == "F56"


def test_truncated_data_is_refused(tmp_path: Path) -> None:
    """A file whose data was cut off is refused."""
    path = tmp_path / "w.safetensors"
    save_file({"w": np.ones(8, np.float32)}, path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ArtifactError, match="shorter than its header says"):
        read_tensors(path)
