"""Look into a safetensors file without a tensor library: names, shapes, and broken values."""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

from punie_train.core.errors import ArtifactError

HEADER_LIMIT = 100_000_000
_FLOATS: dict[str, tuple[str, int, int]] = {
    "F64": ("<u8", 0x7FF0_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF),
    "F32": ("<u4", 0x7F80_0000, 0x7FFF_FFFF),
    "F16": ("<u2", 0x7C00, 0x7FFF),
    "BF16": ("<u2", 0x7F80, 0x7FFF),
}
"""Storage type, exponent bits and all bits but the sign, by dtype (IEEE 754; bfloat16)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A tensor's place in its file: `start` and `end` in bytes from the file's beginning."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Whether the values of a floating-point tensor are all finite, and all zero."""

    name: str
    finite: bool
    zero: bool


def read_facts(path: Path) -> dict[str, str]:
    """Return what was written into a file beside its tensors; empty when it is not whole."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            facts = json.loads(file.read(min(length, HEADER_LIMIT)))["__metadata__"]
            return {str(name): str(value) for name, value in facts.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return {}


def read_tensors(path: Path) -> tuple[Tensor, ...]:
    """Return the tensors of a file by name; raises ArtifactError when the file is not whole."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(size, HEADER_LIMIT):
                raise ValueError("its header is longer than the file")
            header = json.loads(file.read(length))
            header.pop("__metadata__", None)
            tensors = tuple(_tensor(name, header[name], 8 + length) for name in sorted(header))
            if any(tensor.end > size for tensor in tensors):
                raise ValueError("it is shorter than its header says")
            return tensors
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise ArtifactError(
            f"{path} is not a whole safetensors file ({error})",
            "its weights cannot be used",
            "Restore the file, or make it again",
            failure="F56",
        ) from error


def _tensor(name: str, entry: dict[str, object], data: int) -> Tensor:
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [int(start), int(end)]}:
            sizes = tuple(int(length) for length in shape)
            return Tensor(name=name, dtype=dtype, shape=sizes, start=data + start, end=data + end)
        case _:
            raise ValueError(f"the entry of {name} is not one")


def inspect_values(path: Path) -> Iterator[Values]:
    """Yield what the floating-point tensors hold; raises ArtifactError as `read_tensors`."""
    import numpy as np

    for tensor in read_tensors(path):
        if tensor.dtype not in _FLOATS:
            continue
        kind, exponent, magnitude = _FLOATS[tensor.dtype]
        bits = np.fromfile(path, dtype=kind, count=prod(tensor.shape), offset=tensor.start)
        yield Values(
            name=tensor.name,
            finite=not bool(np.any((bits & exponent) == exponent)),
            zero=not bool(np.any(bits & magnitude)),
        )
