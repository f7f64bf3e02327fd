"""What an adapter adds to a weight matrix, row by row, without MLX."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from punie_train.mlx.model_weights import Rows, StoredTensor
from punie_train.mlx.quantized_values import Floats
from punie_train.mlx.safetensors_reader import read_tensors
from punie_train.mlx.trained_adapter import ADAPTER_CONFIG_NAME, WEIGHTS_NAME


class Effect(Protocol):
    """What is added to a base weight."""

    def rows(self, chosen: Rows, base: Floats) -> Floats:
        """Return what is added to `base`, the base's rows with these indices."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LowRank:
    """scale * left @ right, shapes (rows, rank) and (rank, columns), or one of each per expert.

    With `magnitude` (one per row) the sum with the base gets that norm: DoRA
    (arXiv:2402.09353), as mlx-lm fuses it.
    """

    left: Floats
    right: Floats
    scale: float
    magnitude: Floats | None = None

    def rows(self, chosen: Rows, base: Floats) -> Floats:
        """Return the rows of the product."""
        added = self.scale * self._product(chosen)
        if self.magnitude is None:
            return added
        whole = base + added
        norms = np.linalg.norm(whole, axis=1)
        return (self.magnitude[chosen] / norms)[:, None] * whole - base

    def _product(self, chosen: Rows) -> Floats:
        if self.left.ndim == 2:
            return self.left[chosen] @ self.right
        expert, row = np.divmod(chosen, self.left.shape[1])
        found = np.empty((len(chosen), self.right.shape[2]), np.float32)
        for index in np.unique(expert):
            here = expert == index
            found[here] = self.left[index][row[here]] @ self.right[index]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWeights:
    """Weights in place of the base's: full fine-tuning."""

    weights: StoredTensor

    def rows(self, chosen: Rows, base: Floats) -> Floats:
        """Return the difference."""
        return self.weights.rows(chosen) - base


class AdapterEffects:
    """The effects of an adapter directory by module."""

    def __init__(self, directory: Path) -> None:
        """Read the configuration and the headers; raises ArtifactError as `read_tensors` does."""
        config = json.loads((directory / ADAPTER_CONFIG_NAME).read_text(encoding="utf-8"))
        path = directory / WEIGHTS_NAME
        self._full = config.get("fine_tune_type", "lora") == "full"
        self._scale = float((config.get("lora_parameters") or {}).get("scale", 1.0))
        self._tensors: Mapping[str, StoredTensor] = {
            tensor.name: StoredTensor(path=path, tensor=tensor) for tensor in read_tensors(path)
        }

    @property
    def modules(self) -> tuple[str, ...]:
        """Return the modules whose weight matrix the adapter changes."""
        end = ".weight" if self._full else ".lora_a"
        return tuple(
            name.removesuffix(end)
            for name, stored in self._tensors.items()
            if name.endswith(end) and len(stored.tensor.shape) > 1
        )

    def effect(self, module: str, shape: tuple[int, int]) -> Effect | None:
        """Return the effect on a base matrix of this shape, None where the shapes do not fit."""
        if self._full:
            weights = self._tensors[f"{module}.weight"]
            return NewWeights(weights=weights) if weights.shape == shape else None
        a, b = (self._whole(f"{module}.lora_{name}") for name in "ab")
        sides = _sides(a, b, shape)
        if sides is None:
            return None
        magnitude = self._whole(f"{module}.m") if f"{module}.m" in self._tensors else None
        return LowRank(left=sides[0], right=sides[1], scale=self._scale, magnitude=magnitude)

    def _whole(self, name: str) -> Floats:
        stored = self._tensors[name]
        rows, _ = stored.shape
        return stored.rows(np.arange(rows)).reshape(stored.tensor.shape)


def _sides(
    a: NDArray[Any], b: NDArray[Any], shape: tuple[int, int]
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Return left and right factor: of a linear layer, an embedding, or stacked experts."""
    if b.ndim == 3:
        experts, outputs, rank = b.shape
        fits = (experts * outputs, a.size // (experts * rank)) == shape
        return (b, a.reshape(experts, rank, shape[1])) if fits else None
    if (b.shape[1], a.shape[0]) == shape:
        return b.T, a.T
    return (a, b) if (a.shape[0], b.shape[1]) == shape else None
