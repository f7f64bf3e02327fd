"""Refusals of the system that any command can meet end in one message."""

import errno
import subprocess
import sys
from pathlib import Path

from punie_train.cli.system_errors import in_words


def test_a_name_that_is_too_long_is_wrong_usage(tmp_path: Path) -> None:
    """The status is 2, and nothing is said of the code of the program."""
    name = str(tmp_path / ("a" * 300))
    command = [sys.executable, "-m", "punie_train", "dataset", "validate", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is too long: no file can have it" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told_and_other_errors_are_not_hidden() -> None:
    """An error that nobody foresaw keeps its traceback."""
    full = in_words(OSError(errno.ENOSPC, "No space left on device"))
    assert full is not None
    assert "The disk is full (perhaps where temporary files are)" in str(full)
    assert int(full.status) == 3
    assert in_words(OSError(errno.EIO, "Input/output error")) is None
