"""The weight matrices of a model directory, read row by row as numbers, quantized or not."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from punie_train.core.errors import ArtifactError
from punie_train.mlx.quantized_values import Floats, affine, microscaled
from punie_train.mlx.safetensors_reader import Tensor, read_tensors

WEIGHT_FILES = "model*.safetensors"
"""What mlx-lm loads as weights."""

Rows = NDArray[np.intp]
_PLAIN = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "U32": "<u4", "U8": "u1"}
_FLOATS = frozenset({"F64", "F32", "F16", "BF16"})


class Matrix(Protocol):
    """A matrix of `shape` (rows, columns); stacked matrices lie one below the other."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns."""
        ...

    def rows(self, chosen: Rows) -> Floats:
        """Return the rows with these indices, shape (chosen, columns)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTensor:
    """A tensor and the file it is in."""

    path: Path
    tensor: Tensor

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and columns when all but the last axis are rows."""
        *rows, columns = self.tensor.shape
        return prod(rows), columns

    def raw(self, chosen: Rows) -> NDArray[Any]:
        """Return rows as they are stored."""
        kind = _PLAIN[self.tensor.dtype]
        stored = np.memmap(
            self.path, dtype=kind, mode="r", offset=self.tensor.start, shape=self.shape
        )
        return stored[chosen]

    def rows(self, chosen: Rows) -> Floats:
        """Return rows as numbers; raises KeyError for a dtype that is none of `_FLOATS`."""
        raw = self.raw(chosen)
        if self.tensor.dtype == "BF16":
            return (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantizedMatrix:
    """Packed words with their scales, and biases in mode `affine`."""

    words: StoredTensor
    scales: StoredTensor
    biases: StoredTensor | None
    bits: int
    group_size: int
    mode: str

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of rows and of values in a row."""
        return self.words.shape[0], self.scales.shape[1] * self.group_size

    def rows(self, chosen: Rows) -> Floats:
        """Return rows as numbers."""
        words = self.words.raw(chosen)
        if self.biases is None:
            scales = self.scales.raw(chosen)
            return microscaled(
                words, scales, mode=self.mode, bits=self.bits, group_size=self.group_size
            )
        return affine(
            words,
            self.scales.rows(chosen),
            self.biases.rows(chosen),
            bits=self.bits,
            group_size=self.group_size,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedMatrices:
    """Matrices of one shape, such as the experts of a layer in a checkpoint that names each."""

    parts: Sequence[Matrix]

    @property
    def shape(self) -> tuple[int, int]:
        """Return the numbers of all rows and of columns."""
        rows, columns = self.parts[0].shape
        return rows * len(self.parts), columns

    def rows(self, chosen: Rows) -> Floats:
        """Return rows, counted through all matrices."""
        each = self.parts[0].shape[0]
        found = np.empty((len(chosen), self.shape[1]), np.float32)
        for part in np.unique(chosen // each):
            here = chosen // each == part
            found[here] = self.parts[part].rows(chosen[here] % each)
        return found


class ModelWeights:
    """The weights of a model directory; raises ArtifactError when a file is not whole."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.tensors: Mapping[str, StoredTensor] = {
            tensor.name: StoredTensor(path=path, tensor=tensor)
            for path in sorted(directory.glob(WEIGHT_FILES))
            for tensor in read_tensors(path)
        }

    def matrix(self, module: str) -> Matrix | None:
        """Return the weight of a module such as `model.layers.0.mlp.up_proj`, None without one."""
        return self._own(module) or self._experts(module)

    @cached_property
    def quantization(self) -> Mapping[str, Any]:
        """Return MLX's quantization from config.json: parameters, and those of single modules."""
        path = self.directory / "config.json"
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ArtifactError(
                f"{path} cannot be read ({error})",
                "its weights cannot be understood",
                "Restore the file, or make the model again",
            ) from error
        return config.get("quantization") or {}

    def quantized(self, module: str) -> QuantizedMatrix | None:
        """Return a module's quantized weight, None when it is not quantized or in no known way."""
        words, scales = (self.tensors.get(f"{module}.{name}") for name in ("weight", "scales"))
        own = self.quantization.get(module)
        found = own if isinstance(own, Mapping) else self.quantization
        group_size = found.get("group_size")
        if words is None or scales is None or not group_size or words.tensor.dtype != "U32":
            return None
        if f"{module}.global_scale" in self.tensors:
            return None
        values = scales.shape[1] * group_size
        biases = self.tensors.get(f"{module}.biases")
        return QuantizedMatrix(
            words=words,
            scales=scales,
            biases=biases,
            bits=words.shape[1] * 32 // values,
            group_size=group_size,
            mode=found.get("mode", "affine"),
        )

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the modules that have a weight of at least two axes."""
        return tuple(
            name.removesuffix(".weight")
            for name, stored in self.tensors.items()
            if name.endswith(".weight") and len(stored.tensor.shape) > 1
        )

    def _own(self, module: str) -> Matrix | None:
        if (quantized := self.quantized(module)) is not None:
            return quantized
        stored = self.tensors.get(f"{module}.weight")
        if stored is None or f"{module}.scales" in self.tensors:
            return None
        is_matrix = len(stored.tensor.shape) > 1 and stored.tensor.dtype in _FLOATS
        return stored if is_matrix else None

    def _experts(self, module: str) -> Matrix | None:
        """Return the experts of a layer that MLX stacks, from a checkpoint that names each."""
        head, mark, name = module.partition(".switch_mlp.")
        if not mark:
            return None
        parts: list[Matrix] = []
        while (part := self._own(f"{head}.experts.{len(parts)}.{name}")) is not None:
            parts.append(part)
        return StackedMatrices(parts=parts) if parts else None
