"""The journal: one line of JSON for every finished evaluation and training of a project."""

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JOURNAL_NAME = "journal.jsonl"
EVALUATION, TRAINING = "evaluation", "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One run: its number (from 1), `evaluation` or `training`, when it ended, and its facts.

    `time` is UTC in ISO 8601, to the second; `facts` are JSON values.
    """

    number: int
    kind: str
    time: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The entries of a file in order, and the numbers of the lines that hold none."""

    entries: tuple[JournalEntry, ...]
    unreadable: tuple[int, ...] = ()


def read_journal(path: Path) -> Journal:
    """Return what a journal holds, an empty one where there is no file; raises OSError."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return Journal(entries=())
    entries, unreadable = [], []
    for number, line in enumerate(lines, start=1):
        if (entry := _entry(line)) is not None:
            entries.append(entry)
        elif line.strip():
            unreadable.append(number)
    return Journal(entries=tuple(entries), unreadable=tuple(unreadable))


def append_entry(path: Path, kind: str, time: str, facts: Mapping[str, Any]) -> JournalEntry:
    """Add a run to the journal and return its entry, numbered after the last one.

    Two runs that end at once wait for each other; a line that a crash has torn is closed first.
    Raises OSError when the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        known = read_journal(path).entries
        number = max((entry.number for entry in known), default=0) + 1
        entry = JournalEntry(number=number, kind=kind, time=time, facts=facts)
        line = json.dumps({"number": number, "kind": kind, "time": time, **facts})
        file.seek(0, os.SEEK_END)
        torn = file.tell() > 0 and not _ends_with_line_feed(file)
        file.write(("\n" if torn else "").encode() + line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return entry


def _ends_with_line_feed(file: Any) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _entry(line: bytes) -> JournalEntry | None:
    try:
        values = json.loads(line)
        number, kind, time = (values.pop(key) for key in ("number", "kind", "time"))
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None
    if type(number) is not int or not isinstance(kind, str) or not isinstance(time, str):
        return None
    return JournalEntry(number=number, kind=kind, time=time, facts=values)
