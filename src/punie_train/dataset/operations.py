"""What a command does to rows: one question per row, asked one operation after another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from punie_train.dataset.rows import Row


@dataclass(frozen=True, slots=True)
class Kept:
    """The row stays as it is; a `note` is counted in the report, per note."""

    note: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """The row goes, with the reason that `removed.jsonl` gives for this row."""

    reason: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The row stays with other bytes (one line of JSON without a line feed).

    The `note` is counted; `detail` says what changed in this row and is given for the first ones.
    """

    raw: bytes
    note: str | None = None
    detail: str | None = None


Verdict = Kept | Removed | Changed
KEPT = Kept()


class RowOperation(Protocol):
    """Decides on one row at a time, in the order of the files.

    Every row it is given is a JSON object (`row.value`); whether it is a sound example is not
    known. It must not change `row.value`. Operations come one after another: each sees only what
    the ones before it kept, as they changed it.
    """

    @property
    def name(self) -> str:
        """Return the name in `removed.jsonl` and `report.json`, such as `min-messages`."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return what was asked for, as JSON values for report and manifest."""
        ...

    def judge(self, row: Row) -> Verdict:
        """Decide on one row."""
        ...


@runtime_checkable
class KnowsSoundRows(Protocol):
    """An operation that can decide without looking at a row that surely breaks no rule."""

    @property
    def only_read(self) -> bool:
        """Return whether it decides by the number of messages, whatever rule a row breaks."""
        ...

    def keeps(self, messages: int) -> bool:
        """Say whether `judge` keeps, as it is and without a note, such a row of so many messages.

        Where it does, it also keeps every sound row of more messages.
        """
        ...


@runtime_checkable
class NeedsAllRows(Protocol):
    """An operation that must see all rows before it can decide on one (near-duplicates)."""

    def prepare(self, rows: Iterator[Row]) -> None:
        """Look at every row that the operations before this one keep, once, in order."""
        ...
