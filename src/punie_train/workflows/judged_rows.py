"""Rows of large files, with what helper processes found out about them before they are read.

Helpers look at pieces of a file and say which rows surely break no rule, and how many messages
those have. Everything else is asked of the row itself, as without helpers: without an answer,
nothing is different but the speed.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

from punie_train.dataset.inputs import Split
from punie_train.dataset.judged_blocks import MANY, UNKNOWN
from punie_train.dataset.json_lines import BYTE_ORDER_MARK
from punie_train.dataset.rows import Row, opened, read_split_rows, starts_with_mark
from punie_train.processes.helpers import Helper

PIECE = 1 << 19
"""Bytes of a piece; with its last line, it may be longer."""
WORTH_IT = 8 << 20
"""Bytes of a file for which helpers are started: below, they would come too late."""
MOST_HELPERS = 2
AHEAD = 2
"""Pieces that each helper is asked for before the first answer is needed."""

RowReader = Callable[[Split], Iterator[Row]]


def helpers_for(path: Path) -> int:
    """Return how many helpers are worth starting for a file on this machine."""
    with suppress(OSError):
        if path.stat().st_size >= WORTH_IT:
            return max(0, min(MOST_HELPERS, (os.cpu_count() or 1) - 1))
    return 0


def read_judged_rows(split: Split, helpers: int | None = None) -> Iterator[Row]:
    """Yield every line of one split, as `read_split_rows` does; raises DatasetError.

    Memory is constant. `helpers` is the number of processes, by default as many as are of use.
    """
    number = helpers_for(split.path) if helpers is None else helpers
    if number == 0 or "\n" in str(split.path):
        yield from read_split_rows(split)
        return
    with ExitStack() as stack:
        team: list[Helper] = []
        with suppress(OSError):
            for _ in range(number):
                team.append(Helper(["punie_train.dataset.judged_blocks"]))
                stack.callback(team[-1].close)
        yield from _judged(split, team) if team else read_split_rows(split)


def _judged(split: Split, team: list[Helper]) -> Iterator[Row]:
    asked: deque[tuple[Helper, bytes]] = deque()
    line = 0
    for number, (offset, piece) in enumerate(_pieces(split)):
        helper = team[number % len(team)]
        helper.ask(b"%d %d %s" % (offset, len(piece), os.fsencode(split.path.absolute())))
        asked.append((helper, piece))
        if len(asked) > AHEAD * len(team):
            for row in _rows(split, line, *asked.popleft()):
                line = row.line
                yield row
    while asked:
        for row in _rows(split, line, *asked.popleft()):
            line = row.line
            yield row


def _pieces(split: Split) -> Iterator[tuple[int, bytes]]:
    """Yield pieces of whole lines with their offsets."""
    offset = len(BYTE_ORDER_MARK) if starts_with_mark(split.path) else 0
    with opened(split.path) as file:
        file.seek(offset)
        while piece := file.read(PIECE):
            if not piece.endswith(b"\n"):
                piece += file.readline()
            yield offset, piece
            offset += len(piece)


def _rows(split: Split, line: int, helper: Helper, piece: bytes) -> Iterator[Row]:
    lines = piece.split(b"\n")
    if not lines[-1]:
        lines.pop()
    known = helper.answer()
    if known is None or len(known) != len(lines):
        known = bytes(len(lines))
    for number, (raw, count) in enumerate(zip(lines, known, strict=True), start=line + 1):
        row = Row(raw, split, number)
        if count != UNKNOWN:
            row.sound = True
            row.messages = None if count == MANY else count
        yield row
