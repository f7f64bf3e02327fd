"""The journal: every run once, numbered, whatever ends at the same time or in the middle."""

import json
import subprocess
import sys
from pathlib import Path

from punie_train.core.journal import Journal, append_entry, read_journal

TIME = "2026-11-21T08:00:00+00:00"


def test_runs_are_numbered_in_order(tmp_path: Path) -> None:
    """What is appended is what is read."""
    path = tmp_path / "reports" / "journal.jsonl"
    first = append_entry(path, "training", TIME, {"bytes": 5})
    second = append_entry(path, "evaluation", TIME, {"run": "x"})
    assert read_journal(path).entries == (first, second)
    assert (first.number, second.number) == (1, 2)


def test_no_file_is_an_empty_journal(tmp_path: Path) -> None:
    """Nothing was run yet."""
    assert read_journal(tmp_path / "journal.jsonl") == Journal(entries=())


def test_a_torn_line_is_named_and_the_next_run_stands_alone(tmp_path: Path) -> None:
    """A crash costs one line."""
    path = tmp_path / "journal.jsonl"
    append_entry(path, "training", TIME, {})
    with path.open("a") as file:
        file.write('{"number": 2, "ki')
    after = append_entry(path, "training", TIME, {})
    kept = read_journal(path)
    assert [entry.number for entry in kept.entries] == [1, 2]
    assert kept.entries[-1] == after
    assert kept.unreadable == (2,)


def test_lines_of_another_shape_are_no_entries(tmp_path: Path) -> None:
    """JSON alone is not enough."""
    path = tmp_path / "journal.jsonl"
    good = json.dumps({"number": 7, "kind": "training", "time": TIME})
    bad = ("[]", '{"number": "1", "kind": "training", "time": ""}', '{"kind": 1}')
    path.write_text("\n".join((*bad, "", good)) + "\n")
    kept = read_journal(path)
    assert [entry.number for entry in kept.entries] == [7]
    assert kept.unreadable == (1, 2, 3)


APPEND = f"""
import sys
from pathlib import Path
from punie_train.core.journal import append_entry
for _ in range(20):
    append_entry(Path(sys.argv[1]), "training", {TIME!r}, {{"text": "x" * 5000}})
"""


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    """Numbers are given once, lines are whole."""
    path = tmp_path / "journal.jsonl"
    both = [subprocess.Popen([sys.executable, "-c", APPEND, str(path)]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    kept = read_journal(path)
    assert [entry.number for entry in kept.entries] == list(range(1, 41))
    assert kept.unreadable == ()
