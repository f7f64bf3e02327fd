"""A kill in the middle of a write leaves the old dataset or the new one, never half of one."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

CHAT = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"%s"}]}\n'
ROWS = 60_000


def start(data: Path, output: Path) -> "subprocess.Popen[bytes]":
    """Start the real command, in place of the dataset that stands there."""
    return subprocess.Popen(
        [sys.executable, "-m", "punie_train", "dataset", "filter", str(data), "--output",
         str(output), "--min-messages", "1", "--force"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def whole(output: Path) -> int:
    """Check that a dataset is complete in itself, and return its number of rows."""
    told = json.loads((output / "manifest.json").read_text())["files"]["train.jsonl"]
    raw = (output / "train.jsonl").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == told["sha256"]
    assert raw.count(b"\n") == told["rows"]
    assert json.loads((output / "report.json").read_text())["kept"] == told["rows"]
    return told["rows"]


@pytest.mark.parametrize("moment", ["while rows are written", "after some time"])
def test_a_killed_write_leaves_the_old_or_the_new(tmp_path: Path, moment: str) -> None:
    """Another run then finishes: nothing that was left behind is in its way."""
    small, large, output = tmp_path / "small.jsonl", tmp_path / "large.jsonl", tmp_path / "out"
    small.write_text(CHAT % "b")
    large.write_text(CHAT % ("b" * 200) * ROWS)
    assert start(small, output).wait() == 0
    assert whole(output) == 1
    process = start(large, output)
    half = tmp_path / ".out.unfinished" / "train.jsonl"
    if moment == "while rows are written":
        while process.poll() is None and not (half.exists() and half.stat().st_size):
            time.sleep(0.001)
        assert process.poll() is None
    else:
        time.sleep(0.35)
    helpers = psutil.Process(process.pid).children() if process.poll() is None else []
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert psutil.wait_procs(helpers, timeout=20)[1] == []
    assert whole(output) in (1, ROWS)
    if moment == "while rows are written":
        assert whole(output) == 1
        assert half.exists()
    assert start(large, output).wait() == 0
    assert whole(output) == ROWS
    assert {path.name for path in tmp_path.iterdir()} == {"small.jsonl", "large.jsonl", "out"}
