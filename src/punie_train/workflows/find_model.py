"""Find a model by what a user or a manifest calls it."""

from pathlib import Path

from punie_train import starter
from punie_train.mlx.adapter_manifest import STARTER
from punie_train.mlx.artifacts import resolve_model


def find_model(name: str) -> Path:
    """Return a model's directory: `starter` is the shipped one; raises ArtifactError."""
    return starter.model_path() if name == STARTER else resolve_model(name)
