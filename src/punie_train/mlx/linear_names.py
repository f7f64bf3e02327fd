"""The names of a model's linear layers, as `--lora-key` gives them."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from punie_train.core.errors import UsageError


class Layer(Protocol):
    """A layer of a model in MLX, with adapters in it or not."""

    def named_modules(self) -> Iterable[tuple[str, Any]]:
        """Return its parts by name."""
        ...


def check_keys(layers: Sequence[Layer], keys: Iterable[str] | None) -> None:
    """Raise UsageError for a key that names no part of any layer: mlx-lm passes it over."""
    if not keys:
        return
    parts = {name: part for layer in layers for name, part in layer.named_modules()}
    adapted = sorted(name for name, part in parts.items() if name and "weight" in part)
    plain = [name.removesuffix(".linear") for name in adapted if "norm" not in name]
    for key in keys:
        if key not in parts:
            raise UsageError(
                f"lora-key is {key!r}",
                "no part of a layer has that name, and it would get no adapter",
                f"Use one of {', '.join(dict.fromkeys(plain))}.",
            )
