"""Helpers make reading faster and change nothing."""

import json
import os
import signal
from pathlib import Path

import psutil
import pytest

from punie_train.dataset.inputs import Split
from punie_train.dataset.row_rules import row_faults
from punie_train.dataset.rows import Row, Run, read_split_rows
from punie_train.workflows import judged_rows
from punie_train.workflows.judged_rows import ALL_SOUND, helpers_for, read_judged_rows

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
    plain = list(read_split_rows(rows))
    judged = [row for row in read_judged_rows(rows, 2) if isinstance(row, Row)]
    assert [(row.raw, row.line) for row in judged] == [(row.raw, row.line) for row in plain]
    assert sum(bool(row.sound) for row in judged) == len(plain) - 4
    for known, row in zip(judged, plain, strict=True):
        assert known.unreadable == row.unreadable
        assert row.unreadable or known.message_count == row.message_count


@pytest.mark.parametrize("helpers", [0, 1, 3])
def test_sound_rows_come_together(rows: Split, helpers: int) -> None:
    """Runs and rows between them are the whole file, and each run says where it stands."""
    lines = [row.raw for row in read_split_rows(rows)]
    read: list[bytes] = []
    alone: list[int] = []
    for one in read_judged_rows(rows, helpers, together=ALL_SOUND):
        assert one.line == len(read) + 1
        if isinstance(one, Run):
            assert len(one.raw.split(b"\n")) == one.rows
            read += one.raw.split(b"\n")
        else:
            alone.append(one.line)
            read.append(one.raw)
    assert read == lines
    assert alone == [6, 10, 701, 2000]


def test_a_file_that_changes_is_judged_as_it_was_read(rows: Split) -> None:
    """What a helper says of other bytes is not taken for an answer."""
    lines = [row.raw for row in read_split_rows(rows)]
    judged = read_judged_rows(rows, 1)
    first = next(judged)
    with rows.path.open("r+b") as file:
        file.seek(20_000)
        file.write(b"\n" * 40_000)
    read = [first, *judged]
    for row in read:
        assert isinstance(row, Row)
        assert not row.sound or not list(row_faults(Row(row.raw, rows, row.line)))
    assert [row.raw for row in read[:300]] == lines[:300]


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
