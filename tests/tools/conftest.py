"""A small workspace, and process records that belong to the test."""

from collections.abc import Callable
from pathlib import Path

import pytest

Files = Callable[..., Path]


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the records of running processes away from the user's."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path_factory.mktemp("state")))


@pytest.fixture
def workspace(tmp_path: Path) -> Files:
    """Make a workspace of the given files, name by name."""

    def make(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "ws" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (tmp_path / "ws" / "empty").mkdir(parents=True, exist_ok=True)
        return tmp_path / "ws"

    return make
