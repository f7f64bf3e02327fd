"""Rows of large files, with what helper processes found out about them before they are read.

Helpers look at pieces of a file and say which rows surely break no rule, and how many messages
those have. Everything else is asked of the row itself, as without helpers: without an answer,
nothing is different but the speed.
"""

import os
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from punie_train.dataset.inputs import Split
from punie_train.dataset.json_lines import BYTE_ORDER_MARK
from punie_train.dataset.judged_blocks import MANY, STAMP, UNKNOWN, judged, line_starts, stamp
from punie_train.dataset.rows import Row, Run, opened, starts_with_mark
from punie_train.processes.helpers import Helper
from punie_train.processes.processors import processors

PIECE = 1 << 19
"""Bytes of a piece; with its last line, it may be longer."""
WORTH_IT = 8 << 20
"""Bytes of a file for which helpers are started: below, they would come too late."""
MOST_HELPERS = 3
AHEAD = 4
"""Pieces that wait at each helper; as many again wait for whoever is free, or for this process."""
MOST_WAITING = 32
"""Pieces in memory while the first of them is with a helper, which may be starting."""


@dataclass(slots=True)
class _Piece:
    """Whole lines of a file as stamped; who was asked for them, or what is known of them."""

    offset: int
    lines: bytes
    stamp: bytes
    helper: Helper | None = None
    known: bytes | None = None


def helpers_for(path: Path) -> int:
    """Return how many helpers are worth starting for a file on this machine."""
    with suppress(OSError):
        if path.stat().st_size >= WORTH_IT:
            return min(MOST_HELPERS, processors() - 1)
    return 0


ALL_SOUND = bytes([UNKNOWN]) + bytes([1]) * MANY
"""What `read_judged_rows` takes for runs of all sound rows, however many messages they have."""


def read_judged_rows(
    split: Split, helpers: int | None = None, *, together: bytes = b"", only_read: bool = False
) -> Generator[Row | Run]:
    """Yield every line of one split, as `read_split_rows` does; raises DatasetError.

    Sound rows come as runs where `together`, a table of MANY + 1 bytes, holds no 0 at their number
    of messages. With `only_read`, the runs are of rows that may break rules, but are JSON, and no
    row is known to be sound. Memory is constant. `helpers` is the number of processes, by default
    as many as are of use.
    """
    number = helpers_for(split.path) if helpers is None else helpers
    table = together or bytes(MANY + 1)
    line = 1
    with ExitStack() as stack:
        team: list[Helper] = []
        with suppress(OSError):
            for _ in range(0 if "\n" in str(split.path) else number):
                team.append(Helper(["punie_train.dataset.judged_blocks"]))
                stack.callback(team[-1].close)
        for piece in _judged(split, team, only_read):
            yield from _rows(piece, split, line, table, only_read)
            line += len(piece.known or b"")


def _judged(split: Split, team: list[Helper], only_read: bool) -> Iterator[_Piece]:
    pieces = _pieces(split)
    window: deque[_Piece] = deque()
    path = os.fsencode(split.path.absolute())
    while True:
        while len(window) < 1 + 2 * AHEAD * len(team) and (piece := next(pieces, None)):
            window.append(piece)
        if not window:
            return
        _hand_out(window, team, b"%d %s" % (only_read, path))
        first = window[0]
        while first.helper and not first.helper.has_answered():
            own = next((one for one in reversed(window) if not (one.helper or one.known)), None)
            if own is None:
                own = next(pieces, None) if len(window) < MOST_WAITING else None
                if own is None:
                    break
                window.append(own)
            own.known = judged(own.lines, only_read=only_read)
        window.popleft()
        if first.helper and (answer := first.helper.answer()):
            first.known = answer[STAMP:] if answer[:STAMP] == first.stamp else None
        if first.known is None:
            first.known = judged(first.lines, only_read=only_read)
        yield first


def _hand_out(window: deque[_Piece], team: list[Helper], rest: bytes) -> None:
    for helper in team:
        waiting = sum(one.helper is helper for one in window)
        for one in window:
            if waiting < AHEAD and one.helper is None and one.known is None:
                one.helper = helper
                helper.ask(b"%d %d %s" % (one.offset, len(one.lines), rest))
                waiting += 1


def _pieces(split: Split) -> Iterator[_Piece]:
    offset = len(BYTE_ORDER_MARK) if starts_with_mark(split.path) else 0
    with opened(split.path) as file:
        file.seek(offset)
        known = stamp(file.fileno())
        while lines := file.read(PIECE):
            if not lines.endswith(b"\n"):
                lines += file.readline()
            yield _Piece(offset, lines, known)
            offset += len(lines)


def _rows(
    piece: _Piece, split: Split, line: int, table: bytes, only_read: bool
) -> Iterator[Row | Run]:
    known = piece.known or b""
    together = known.translate(table)
    lines = piece.lines
    if UNKNOWN not in together:
        yield Run(lines.removesuffix(b"\n"), split, line, len(known))
        return
    starts = line_starts(lines)
    at = 0
    while at < len(known):
        alone = together.find(UNKNOWN, at)
        alone = len(known) if alone < 0 else alone
        if alone > at:
            end = starts[alone]
            raw = lines[starts[at] : end - lines.endswith(b"\n", 0, end)]
            yield Run(raw, split, line + at, alone - at)
        if alone < len(known):
            raw = lines[starts[alone] : starts[alone + 1]].removesuffix(b"\n")
            row = Row(raw, split, line + alone)
            count = known[alone]
            if not only_read:
                row.sound = count != UNKNOWN
            if count != UNKNOWN:
                row.messages = None if count == MANY else count
            yield row
        at = alone + 1
