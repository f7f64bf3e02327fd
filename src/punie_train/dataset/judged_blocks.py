"""Which rows of a piece of a file surely break no rule: the work that helpers do.

`python -m punie_train.dataset.judged_blocks` reads lines `offset size only-read path` and answers
each with a length (4 bytes, big-endian), a stamp of the file, and one byte per line of that piece:
0 if nothing is known of it, otherwise its number of messages, MANY where there are that many or
more.
"""

import os
import sys
from pathlib import Path

from punie_train.dataset.plain_rows import all_readable, read_plain, read_plain_lines
from punie_train.dataset.sound_rows import sound_among

MANY = 255
UNKNOWN = 0
STAMP = 24
TOGETHER = 32
"""Lines that are judged at once."""


def judged(block: bytes, *, only_read: bool = False) -> bytes:
    """Return one byte per line of a block of whole lines.

    With `only_read`, chats of the common shape are known that may break rules, but are JSON.
    """
    starts = line_starts(block)
    known = bytearray(len(starts) - 1)
    for first in range(0, len(known), TOGETHER):
        some = starts[first : first + TOGETHER + 1]
        rows = read_plain_lines(block, some)
        if rows is None:
            for line in range(first, first + len(some) - 1):
                one = block[starts[line] : starts[line + 1]].removesuffix(b"\n")
                known[line] = _judged(one, only_read=only_read)
        elif only_read and all_readable(rows):
            known[first : first + len(rows)] = [min(len(row.messages), MANY) for row in rows]
        else:
            for place in sound_among(rows, block, some):
                known[first + place] = min(len(rows[place].messages), MANY)
    return bytes(known)


def _judged(line: bytes, *, only_read: bool) -> int:
    row = read_plain(line)
    if row is None or not (only_read or sound_among([row], line, [0, len(line)])):
        return UNKNOWN
    return min(len(row.messages), MANY)


def line_starts(block: bytes) -> list[int]:
    """Return where each line of a block starts, and where a next one would."""
    starts = [0]
    find, at = block.find, 0
    while at := find(b"\n", at) + 1:
        starts.append(at)
    if starts[-1] != len(block):
        starts.append(len(block))
    return starts


def stamp(file: int) -> bytes:
    """Return STAMP bytes that change when an open file, given by number, is written to."""
    known = os.fstat(file)
    return known.st_size.to_bytes(8, "big") + known.st_mtime_ns.to_bytes(16, "big", signed=True)


def main() -> None:
    """Answer questions until there are no more."""
    for question in sys.stdin.buffer:
        offset, size, only_read, name = question.rstrip(b"\n").split(b" ", 3)
        path = Path(os.fsdecode(name))
        with path.open("rb", buffering=0) as file:
            file.seek(int(offset))
            block = file.read(int(size))
            answer = stamp(file.fileno()) + judged(block, only_read=only_read == b"1")
        sys.stdout.buffer.write(len(answer).to_bytes(4, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
