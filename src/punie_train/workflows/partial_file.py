"""What a run has received so far, on disk at once: one JSON object a line, nothing ever changed.

A run that ends before its report is whole leaves the file behind; another run goes on with it.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from punie_train.core.attestations import Attestation
from punie_train.core.completions import Exchange
from punie_train.core.errors import PunieTrainError, UsageError
from punie_train.core.whole_files import write_text
from punie_train.reporting.json_fields import Fields, as_fields
from punie_train.reporting.json_reading import attestation_from_fields
from punie_train.reporting.json_report import attestation_to_json
from punie_train.workflows.stored_exchange import read_turns, turns_to_json

SCHEMA = 1
SUFFIX = ".partial.jsonl"

Slot = tuple[str, str, str, int]
"""Adapter name, suite, case id, repeat number from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """One run's time with one adapter; `ended` says that the last canary was asked too."""

    identity: Mapping[str, Any]
    attestation: Attestation
    ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReply:
    """A reply that a run received; `request` is the digest of what was asked."""

    run: str
    request: str
    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """All that a partial file holds: `lines` as they stand there, stretches by adapter and run."""

    path: Path
    lines: tuple[str, ...]
    stretches: Mapping[tuple[str, str], Stretch] = field(default_factory=dict)
    replies: Mapping[Slot, StoredReply] = field(default_factory=dict)
    problem: str | None = None


def partial_path(report: Path) -> Path:
    """Return the partial file of a report; a partial file is its own."""
    return report if report.name.endswith(SUFFIX) else report.with_suffix(SUFFIX)


def report_of(partial: Path) -> Path:
    """Return the report that a partial file belongs to."""
    return partial.with_name(partial.name.removesuffix(SUFFIX) + ".json")


def read_partial(path: Path) -> Partial:
    """Read a partial file; raise UsageError where it is none.

    A line that cannot be read, such as the last one of a run that was killed in the middle of it,
    is left out, and `problem` names it.
    """
    texts = _text_of(path).split("\n")
    _check_head(path, texts[0])
    lines, unreadable = [], []
    stretches: dict[tuple[str, str], Stretch] = {}
    replies: dict[Slot, StoredReply] = {}
    for number, text in enumerate(texts[1:], start=2):
        if not text:
            continue
        try:
            _read_line(as_fields(json.loads(text), f"line {number}"), stretches, replies)
            lines.append(text)
        except (ValueError, RecursionError, PunieTrainError):
            torn = number == len(texts)
            unreadable.append("its last line is torn" if torn else f"line {number} is unreadable")
    problem = None
    if unreadable:
        more = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
        problem = f"{path}: {unreadable[0]}{more}: left out, what it held is asked again."
    return Partial(
        path=path, lines=tuple(lines), stretches=stretches, replies=replies, problem=problem
    )


class PartialFile:
    """Writes what a run receives; the file begins to exist with the first line.

    A file that cannot be written costs the chance to go on after a kill, never the run: `problem`
    says so in words. `moved` names where the file of an earlier run at this place was put.
    """

    def __init__(self, path: Path, run: str, *, before: Partial | None = None) -> None:
        """Keep where to write; `before` is what the run received that this one goes on with."""
        self.path = path
        self.problem: str | None = None
        self.moved: Path | None = None
        self._run, self._before = run, before
        self._waiting: dict[str, Mapping[str, Any]] = {}
        self._file: TextIO | None = None

    @property
    def begun(self) -> bool:
        """Say whether anything of this run, or of the one it goes on with, stands in the file."""
        return self._file is not None or self._goes_on

    def attested(
        self, group: str, identity: Mapping[str, Any], attestation: Attestation, *, ended: bool
    ) -> None:
        """Write down who answers: before the first reply, and again after the last one."""
        proof = attestation_to_json(attestation)
        line = {"group": group, "identity": identity, "attestation": proof, "ended": ended}
        if ended:
            self._write(line)
        else:
            self._waiting[group] = line

    def received(self, slot: Slot, request: str, exchange: Exchange) -> None:
        """Write down a reply, unless JSON cannot hold it as it is."""
        if turns := turns_to_json(exchange):
            group, suite, case, repeat = slot
            if line := self._waiting.pop(group, None):
                self._write(line)
            place = {"group": group, "suite": suite, "case": case, "repeat": repeat}
            self._write({"reply": place, "request": request, "turns": turns})

    def close(self, *, remove: bool) -> None:
        """Close the file, and remove it once nobody needs it any more; idempotent."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        if remove and self.begun:
            with contextlib.suppress(OSError):
                self.path.unlink()
            self._file = self._before = None

    def _write(self, values: Mapping[str, Any]) -> None:
        if self.problem:
            return
        try:
            if self._file is None:
                self._file = self._begin()
            self._file.write(json.dumps({**values, "run": self._run}, allow_nan=False) + "\n")
            self._file.flush()
        except OSError as error:
            self.problem = (
                f"{self.path} cannot be written ({error}): a killed run could not be resumed."
            )

    @property
    def _goes_on(self) -> bool:
        return self._before is not None and self._before.path == self.path

    def _begin(self) -> TextIO:
        if self.path.exists() and not self._goes_on:
            self.moved = _free_name(self.path)
            self.path.rename(self.moved)
        head = json.dumps({"partial": SCHEMA, "run": self._run})
        kept = self._before.lines if self._before else ()
        write_text(self.path, "".join(f"{line}\n" for line in (head, *kept)))
        return self.path.open("a", encoding="utf-8", newline="\n")


def _free_name(path: Path) -> Path:
    stem = path.name.removesuffix(SUFFIX)
    names = (path.with_name(f"{stem}.{number}{SUFFIX}") for number in count(1))
    return next(name for name in names if not name.exists())


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        report = report_of(path)
        done = report.is_file()
        raise UsageError(
            f"--eval-resume: {path} cannot be read ({error.strerror})",
            f"{report} is a whole report, and only a run that was stopped leaves such a file"
            if done
            else "there is no run to go on with",
            "Leave --eval-resume out: replies that are known come from the cache"
            if done
            else "Give the file that ends in .partial.jsonl, beside the report of the run",
        ) from error


def _check_head(path: Path, text: str) -> None:
    try:
        head = json.loads(text)
        schema = head["partial"]
    except (ValueError, KeyError, TypeError, RecursionError):
        schema = None
    if schema != SCHEMA or isinstance(schema, bool):
        what = "it is no partial file" if schema is None else f"its schema is {schema!r}"
        raise UsageError(
            f"--eval-resume: {path} cannot be used ({what})",
            "nobody knows which replies it holds",
            "Give the file that ends in .partial.jsonl, beside the report of the run",
        )


def _read_line(
    fields: Fields,
    stretches: dict[tuple[str, str], Stretch],
    replies: dict[Slot, StoredReply],
) -> None:
    run = fields.text("run")
    if "reply" in fields.values:
        place = fields.child("reply")
        slot = (place.text("group"), place.text("suite"), place.text("case"), place.whole("repeat"))
        exchange = read_turns(dict(fields.values), fields.place)
        replies[slot] = StoredReply(run=run, request=fields.text("request"), exchange=exchange)
    else:
        stretches[fields.text("group"), run] = Stretch(
            identity=fields.mapping("identity"),
            attestation=attestation_from_fields(fields.child("attestation")),
            ended=fields.flag("ended"),
        )
