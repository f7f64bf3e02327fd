"""The reply cache: one SQLite file that several runs may use at once; its faults cost time only."""

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Exchange
from punie_train.core.errors import PunieTrainError
from punie_train.reporting.json_fields import Fields
from punie_train.reporting.json_reading import attestation_from_fields
from punie_train.reporting.json_report import attestation_to_json
from punie_train.workflows.stored_exchange import read_turns, turns_to_json

T = TypeVar("T")

SCHEMA = 1
FILE_NAME = "replies.sqlite"
BUSY_SECONDS = 30.0
"""How long a run waits for another one that is writing."""

_AT_ONCE = 500
_REPLIES = "replies (key TEXT PRIMARY KEY, run TEXT, identity TEXT, digest TEXT, value TEXT)"
_ATTESTATIONS = (
    "attestations (identity TEXT, run TEXT, digest TEXT, value TEXT, PRIMARY KEY (identity, run))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Replies from the cache, and the attestation of the run that received them."""

    exchange: Exchange
    run: str
    attestation: Attestation


class ReplyStore:
    """Keeps replies by the content of what was asked; `problems` tells in words what went wrong."""

    def __init__(self, directory: Path) -> None:
        """Keep where the file is; nothing is opened yet."""
        self.path = directory / FILE_NAME
        self.problems: list[str] = []
        self._broken = False

    def find(self, names: Mapping[str, str]) -> dict[str, Found]:
        """Return what is kept, by key; `names` maps the keys to how a reader calls the cases.

        A corrupt entry counts as absent, and a corrupt file as empty.
        """
        if not self.path.exists():
            return {}
        return self._tried("read", lambda base: self._find(base, names)) or {}

    def keep(
        self,
        identity: str,
        run: str,
        attestation: Attestation,
        replies: Mapping[str, Exchange],
    ) -> None:
        """Keep the replies of an attested run by key, all of them or none.

        Replies of an adapter that was not live are not kept, nor what JSON cannot hold.
        """
        rows = [
            (key, run, identity, _digest(key, run, identity, value), value)
            for key, exchange in replies.items()
            if (turns := turns_to_json(exchange))
            and (value := json.dumps({"turns": turns}, allow_nan=False))
        ]
        if not rows or attestation.applied is Applied.NO:
            return
        proof = json.dumps(attestation_to_json(attestation), allow_nan=False)
        seal = (identity, run, _digest(identity, run, proof), proof)
        self._tried("written", lambda base: _write(base, rows, seal))

    def _find(self, base: sqlite3.Connection, names: Mapping[str, str]) -> dict[str, Found]:
        keys, found, corrupt = list(names), {}, []
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = base.execute(
                "SELECT r.key, r.run, r.identity, r.digest, r.value, a.digest, a.value "  # noqa: S608 - only marks
                "FROM replies r LEFT JOIN attestations a "
                f"ON a.identity = r.identity AND a.run = r.run WHERE r.key IN ({marks})",
                part,
            )
            for row in rows:
                if entry := _entry(row):
                    found[row[0]] = entry
                else:
                    corrupt.append(names[row[0]])
        if corrupt:
            self._say_corrupt(corrupt)
        return found

    def _say_corrupt(self, cases: list[str]) -> None:
        more = f" and {len(cases) - 1} more" if len(cases) > 1 else ""
        entries = "a corrupt entry" if len(cases) == 1 else f"{len(cases)} corrupt entries"
        self.problems.append(
            f"the reply cache {self.path} holds {entries} ({cases[0]}{more}): asked again."
        )

    def _tried(self, verb: str, use: Callable[[sqlite3.Connection], T]) -> T | None:
        if self._broken:
            return None
        try:
            with self._open() as base:
                return use(base)
        except (sqlite3.Error, OSError, _OtherSchemaError) as error:
            self._broken = True
            self.problems.append(
                f"the reply cache {self.path} cannot be {verb} ({error}): this run goes on without "
                "it. Remove the file, or give another directory with --eval-cache."
            )
            return None

    @contextlib.contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        with closing(connection) as base:
            base.text_factory = _text
            (schema,) = base.execute("PRAGMA user_version").fetchone()
            if schema == 0:
                _prepare(base)
            elif schema != SCHEMA:
                raise _OtherSchemaError(f"its schema is {schema}, this version reads {SCHEMA}")
            yield base


class _OtherSchemaError(Exception):
    """The file was written by a version that keeps replies in another way."""


def _prepare(base: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.OperationalError):  # another run is just doing the same
        base.execute("PRAGMA journal_mode = WAL")
    base.execute("BEGIN IMMEDIATE")
    for table in (_REPLIES, _ATTESTATIONS):
        base.execute(f"CREATE TABLE IF NOT EXISTS {table}")
    base.execute(f"PRAGMA user_version = {SCHEMA}")
    base.execute("COMMIT")


def _write(
    base: sqlite3.Connection,
    rows: Sequence[tuple[str, ...]],
    seal: tuple[str, str, str, str],
) -> None:
    base.execute("BEGIN IMMEDIATE")
    base.execute("INSERT OR REPLACE INTO attestations VALUES (?, ?, ?, ?)", seal)
    base.executemany("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?)", rows)
    base.execute("COMMIT")


def _entry(row: tuple[object, ...]) -> Found | None:
    """Return what a row says, or None for one that is not as it was written."""
    match row:
        case (
            str(key),
            str(run),
            str(identity),
            str(digest),
            str(value),
            str(seal),
            str(proof),
        ) if digest == _digest(key, run, identity, value) and seal == _digest(identity, run, proof):
            try:
                exchange = read_turns(json.loads(value), "entry")
                fields = Fields(values=json.loads(proof), place="attestation")
                return Found(
                    exchange=exchange, run=run, attestation=attestation_from_fields(fields)
                )
            except (ValueError, PunieTrainError):
                return None
    return None


def _text(stored: bytes) -> str:
    return stored.decode(errors="replace")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()
