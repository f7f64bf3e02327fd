"""Helpers make reading faster and change nothing."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest

from punie_train.dataset.inputs import Split
from punie_train.dataset.rows import read_split_rows
from punie_train.workflows import judged_rows
from punie_train.workflows.judged_rows import helpers_for, read_judged_rows

CHAT = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"%d"}]}'


@pytest.fixture
def rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Split:
    """Return a split of many pieces, some rows of it broken, without a last line feed."""
    monkeypatch.setattr(judged_rows, "PIECE", 4096)
    lines = [CHAT % number for number in range(2000)]
    lines[5], lines[700], lines[1999] = b"", b'{"messages": []}', b'{"text": "\xff"}'
    lines[9] = json.dumps({"messages": [{"role": "user", "content": "x" * 9000}]}).encode()
    lines[10] = json.dumps({"messages": json.loads(CHAT % 1)["messages"] * 150}).encode()
    path = tmp_path / "with space.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    return Split(name="train", path=path)


def test_helpers_change_nothing(rows: Split) -> None:
    """Bytes, numbers, and the counts of messages, also where there are very many."""
    plain, judged = list(read_split_rows(rows)), list(read_judged_rows(rows, 2))
    assert [(row.raw, row.line) for row in judged] == [(row.raw, row.line) for row in plain]
    assert sum(row.sound for row in judged) == len(plain) - 4
    for known, row in zip(judged, plain, strict=True):
        assert known.unreadable == row.unreadable
        assert row.unreadable or known.message_count == row.message_count


def test_a_killed_helper_costs_only_time(rows: Split) -> None:
    """What it knew is asked of the rows."""
    judged = read_judged_rows(rows, 2)
    first = next(judged)
    for child in psutil.Process().children():
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert [first.raw, *(row.raw for row in judged)] == [row.raw for row in read_split_rows(rows)]


def test_no_helper_outlives_its_reader(rows: Split) -> None:
    """Not even when the reader stops in the middle."""
    judged = read_judged_rows(rows, 2)
    next(judged)
    helpers = psutil.Process().children()
    assert len(helpers) >= 1
    judged.close()
    assert not any(helper.is_running() for helper in helpers)


def test_small_files_get_no_helpers(rows: Split, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would come too late; large ones get as many as there are processors, and no more."""
    assert helpers_for(rows.path) == 0
    monkeypatch.setattr(judged_rows, "WORTH_IT", 1)
    assert 0 <= helpers_for(rows.path) <= judged_rows.MOST_HELPERS
    assert helpers_for(rows.path / "nowhere") == 0
