"""A state is whole or absent, at every moment."""

from dataclasses import replace
from pathlib import Path

import pytest

from punie_train.mlx.resume_state import ResumeState, Write, keep_state, read_state

STATE = ResumeState(
    iteration=7,
    pass_start=["MT19937", [1], 2, 0, 0.0],
    now=["MT19937", [3], 4, 0, 0.0],
    metrics_bytes=10,
    trained_tokens=20,
    best_iteration=5,
    best_loss=1.5,
)


def write(path: Path) -> None:
    """Write something in the place of tensors."""
    path.write_text(path.name)


def refuse(path: Path) -> None:
    """Do as a full disk does."""
    path.write_text("half")
    raise OSError("no space")


def test_a_state_comes_back(tmp_path: Path) -> None:
    """With all its values; the one before it is removed."""
    keep_state(tmp_path, STATE, weights=write, optimizer=write)
    later = replace(STATE, iteration=9, best_iteration=None, best_loss=None)
    keep_state(tmp_path, later, weights=write, optimizer=write)
    assert read_state(tmp_path) == later
    assert len(list((tmp_path / "resume").iterdir())) == 3


@pytest.mark.parametrize("writers", [(refuse, write), (write, refuse)])
def test_a_full_disk_keeps_the_state_before(tmp_path: Path, writers: tuple[Write, Write]) -> None:
    """F56: half a new state never hides a whole old one."""
    keep_state(tmp_path, STATE, weights=write, optimizer=write)
    weights, optimizer = writers
    with pytest.raises(OSError, match="no space"):
        keep_state(
            tmp_path,
            replace(STATE, iteration=9),
            weights=weights,
            optimizer=optimizer,
        )
    assert read_state(tmp_path) == STATE


def test_what_is_not_whole_is_no_state(tmp_path: Path) -> None:
    """A missing file or a torn one."""
    assert read_state(tmp_path) is None
    keep_state(tmp_path, STATE, weights=write, optimizer=write)
    (tmp_path / "resume/0000007_optimizer.safetensors").unlink()
    assert read_state(tmp_path) is None
    write(tmp_path / "resume/0000007_optimizer.safetensors")
    assert read_state(tmp_path) == STATE
    (tmp_path / "resume/state.json").write_text('{"iteration":')
    assert read_state(tmp_path) is None
