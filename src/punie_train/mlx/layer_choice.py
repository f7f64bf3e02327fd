"""Which layers are trained: the last N, the first N, or every other one.

mlx-lm counts layers from the last one only. The other two are adapters in all layers of which those
not chosen stay untrained, so that plain mlx-lm loads them.
"""

import re
from typing import Any

from punie_train.core.errors import UsageError

ALL_LAYERS = -1
EVERY_OTHER = "every other"
_FIRST = re.compile(r"first ([1-9]\d*)")


def is_choice(text: str) -> bool:
    """Say whether the text is `first N` or `every other`."""
    return text == EVERY_OTHER or _FIRST.fullmatch(text) is not None


def layer_fields(text: str) -> dict[str, Any]:
    """Return the fields of a run for what stands at `--num-layers`; raises UsageError."""
    words = " ".join(text.lower().split())
    if re.fullmatch(r"-?\d+", words):
        return {"num_layers": int(words), "layer_choice": ""}
    if is_choice(words):
        return {"num_layers": ALL_LAYERS, "layer_choice": words}
    raise UsageError(
        f"num-layers is {text!r}",
        "it names no layers",
        "Give a number, -1 for all, `first N` or `every other`.",
    )


def chosen_layers(num_layers: int, choice: str, total: int) -> tuple[int, ...]:
    """Return the indices (from 0) of the trained layers of a model that has `total`.

    `every other` counts from the last layer, which is one of them. Raises UsageError when there are
    not so many.
    """
    if choice == EVERY_OTHER:
        return tuple(range((total - 1) % 2, total, 2))
    if match := _FIRST.fullmatch(choice):
        count = int(match[1])
        if count > total:
            raise UsageError(
                f"num-layers is {choice!r}",
                f"the model has only {total}",
                f"Give at most {total}, or -1 for all.",
            )
        return tuple(range(count))
    return tuple(range(0 if num_layers == ALL_LAYERS else total - num_layers, total))
