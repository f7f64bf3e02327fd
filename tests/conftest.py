"""What holds for every test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep process records and caches of a test to the test: no reply comes from another run."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))
