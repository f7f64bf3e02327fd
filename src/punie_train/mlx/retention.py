"""How much of an adapter's effect is left in the weights of a fused or quantized model."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np

from punie_train.core.errors import ArtifactError
from punie_train.core.retention import LayerRetention, SignalRetention
from punie_train.mlx.adapter_effect import AdapterEffects, Effect
from punie_train.mlx.model_weights import Matrix, ModelWeights, Rows

BLOCK_VALUES = 2_000_000
"""How many values are held at once."""

MATRIX_VALUES = 4_000_000
"""How many values of one matrix are read: evenly spread rows of a larger one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Sums over a matrix: of its base weight, the effect on it, and what really changed."""

    base: float = 0.0
    effect: float = 0.0
    kept: float = 0.0
    both: float = 0.0

    def __add__(self, other: "Products") -> "Products":
        return Products(
            base=self.base + other.base,
            effect=self.effect + other.effect,
            kept=self.kept + other.kept,
            both=self.both + other.both,
        )

    def named(self, name: str) -> LayerRetention:
        """Return the measures."""
        length = sqrt(self.effect * self.kept)
        return LayerRetention(
            name=name,
            share=self.both / self.effect,
            cosine=self.both / length if length else 0.0,
            strength=sqrt(self.effect / self.base) if self.base else 0.0,
        )


def measure_signal(
    base: Path,
    adapter: Path,
    made: Path,
    *,
    on_matrix: Callable[[int, int], None] = lambda _done, _total: None,
    matrix_values: int = MATRIX_VALUES,
) -> SignalRetention | None:
    """Compare the weights of `made` with those of `base` and what `adapter` should add to them.

    Matrices on which the adapter has no effect are left out; None when not one can be compared.
    `on_matrix` is told how many of how many are done. Raises ArtifactError when a file is not
    whole, or when the new weights are not finite.
    """
    before, after, effects = ModelWeights(base), ModelWeights(made), AdapterEffects(adapter)
    found: dict[str, Products] = {}
    unread: list[str] = []
    sampled = False
    for done, module in enumerate(modules := sorted(effects.modules), start=1):
        old, new = before.matrix(module), after.matrix(module)
        effect = effects.effect(module, old.shape) if old else None
        if old is None or new is None or effect is None or old.shape != new.shape:
            unread.append(module)
        else:
            chosen = spread_rows(old.shape, matrix_values)
            sampled |= len(chosen) < old.shape[0]
            found[module] = _products(old, new, effect, chosen)
            if not np.isfinite(found[module].kept):
                raise _not_finite(made, module)
        on_matrix(done, len(modules))
    changed = {name: sums for name, sums in found.items() if sums.effect > 0}
    if not changed:
        return None
    overall = sum(changed.values(), Products()).named("all")
    return SignalRetention(
        share=overall.share,
        cosine=overall.cosine,
        strength=overall.strength,
        layers=tuple(sums.named(name) for name, sums in changed.items()),
        unread=tuple(unread),
        sampled=sampled,
    )


def spread_rows(shape: tuple[int, int], values: int) -> Rows:
    """Return evenly spread rows that hold about `values` values, or all of a smaller matrix."""
    rows, columns = shape
    wanted = min(rows, max(1, values // columns))
    return np.linspace(0, rows - 1, wanted).round().astype(np.intp)


def _products(old: Matrix, new: Matrix, effect: Effect, chosen: Rows) -> Products:
    total = Products()
    step = max(1, BLOCK_VALUES // old.shape[1])
    for start in range(0, len(chosen), step):
        block = chosen[start : start + step]
        base = old.rows(block)
        added = effect.rows(block, base)
        kept = new.rows(block) - base
        total += Products(
            base=_dot(base, base),
            effect=_dot(added, added),
            kept=_dot(kept, kept),
            both=_dot(kept, added),
        )
    return total


def _dot(a: np.ndarray, b: np.ndarray) -> float:
    """Return the sum of products, in double precision where it adds up."""
    return float(np.einsum("ij,ij->i", a, b).sum(dtype=np.float64))


def _not_finite(made: Path, module: str) -> ArtifactError:
    return ArtifactError(
        f"{made} holds NaN or infinite weights in {module}",
        "every reply would be noise",
        "Look at the base's dtype: in float16 a sum of base and adapter can be too large",
    )
