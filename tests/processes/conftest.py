"""Process records of a test belong to the test."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the state directory of this test."""
    directory = tmp_path / "state"
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(directory))
    return directory
