"""The starter model: a small model made from nothing, so that every command runs anywhere."""

from pathlib import Path


def model_path() -> Path:
    """Return the directory of the model that ships with the package."""
    return Path(__file__).parent / "model"
