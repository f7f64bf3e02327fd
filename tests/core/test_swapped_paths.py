"""Two directories change places, or nothing happens."""

import sys
from pathlib import Path

import pytest

from punie_train.core.swapped_paths import swap


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may not be able to")
def test_full_directories_change_places(tmp_path: Path) -> None:
    """Neither has to be empty or removed before."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    assert swap(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "a" / "file").read_text() == "b"
    assert (tmp_path / "b" / "file").read_text() == "a"


def test_a_missing_path_is_an_error_that_changes_nothing(tmp_path: Path) -> None:
    """The one that exists stays."""
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "a", tmp_path / "nowhere")
    assert (tmp_path / "a").is_dir()
