"""Where state and caches go."""

from pathlib import Path

import pytest

from punie_train.processes.user_directories import cache_directory, state_directory


def test_environment_moves_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variable moves its directory."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "s"))
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "c"))
    assert (state_directory(), cache_directory()) == (tmp_path / "s", tmp_path / "c")


def test_platform_decides_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without them both are the platform's, and named after the project."""
    monkeypatch.delenv("PUNIE_TRAIN_STATE_DIR", raising=False)
    monkeypatch.delenv("PUNIE_TRAIN_CACHE_DIR", raising=False)
    assert "punie-train" in str(state_directory())
    assert "punie-train" in str(cache_directory())
