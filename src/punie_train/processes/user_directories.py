"""Where this user's state and caches live; both can be moved by the environment."""

import os
from pathlib import Path

import platformdirs

STATE_VARIABLE = "PUNIE_TRAIN_STATE_DIR"
CACHE_VARIABLE = "PUNIE_TRAIN_CACHE_DIR"


def state_directory() -> Path:
    """Return the directory of process records, from `PUNIE_TRAIN_STATE_DIR` or the platform's."""
    if moved := os.environ.get(STATE_VARIABLE):
        return Path(moved)
    return platformdirs.user_state_path("punie-train", appauthor=False)


def cache_directory() -> Path:
    """Return the directory of caches, from `PUNIE_TRAIN_CACHE_DIR` or the platform's."""
    if moved := os.environ.get(CACHE_VARIABLE):
        return Path(moved)
    return platformdirs.user_cache_path("punie-train", appauthor=False)
