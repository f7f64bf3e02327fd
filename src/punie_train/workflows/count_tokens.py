"""Count the tokens of rows with a model's own tokenizer."""

from collections.abc import Callable, Mapping
from typing import Any

from punie_train.mlx.row_tokens import row_tokens
from punie_train.workflows.find_model import find_model


def token_counter(model: str) -> Callable[[Mapping[str, Any]], int | None]:
    """Return what counts a row's tokens as the trainer of `model` does; raises ArtifactError."""
    return row_tokens(find_model(model))
