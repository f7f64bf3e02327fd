"""Which rows of a piece of a file surely break no rule: the work that helpers do.

`python -m punie_train.dataset.judged_blocks` reads lines `offset size path` and answers each with
a length (4 bytes, big-endian) and one byte per line of that piece: 0 if nothing is known of it,
otherwise its number of messages, MANY where there are that many or more.
"""

import os
import sys
from pathlib import Path

from punie_train.dataset.plain_rows import read_plain
from punie_train.dataset.sound_rows import plain_surely_sound

MANY = 255
UNKNOWN = 0


def judged(block: bytes) -> bytes:
    """Return one byte per line of a block of whole lines."""
    return bytes(map(_judged, lines_of(block)))


def lines_of(block: bytes) -> list[bytes]:
    """Return the lines of a block without their line feeds."""
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _judged(line: bytes) -> int:
    plain = read_plain(line)
    if plain is None or not plain_surely_sound(line, plain):
        return UNKNOWN
    return min(len(plain.messages), MANY)


def main() -> None:
    """Answer questions until there are no more."""
    for question in sys.stdin.buffer:
        offset, size, name = question.rstrip(b"\n").split(b" ", 2)
        path = Path(os.fsdecode(name))
        with path.open("rb", buffering=0) as file:
            file.seek(int(offset))
            answer = judged(file.read(int(size)))
        sys.stdout.buffer.write(len(answer).to_bytes(4, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
