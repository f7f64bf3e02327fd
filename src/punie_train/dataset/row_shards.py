"""A share of the rows of a dataset, so that several workers read each row once."""

from collections.abc import Iterator

from punie_train.dataset.inputs import DatasetInput, Split
from punie_train.dataset.json_lines import BYTE_ORDER_MARK
from punie_train.dataset.rows import BLOCK, Row, opened, starts_with_mark


def read_shard(data: DatasetInput, rank: int, shards: int) -> Iterator[Row]:
    """Yield the rows of shard `rank` (from 0) of `shards`, split after split.

    Each split is cut into pieces of about as many bytes; a line belongs to the piece in which it
    begins. So the shards of a split, one after another, are the split. Rows have their line
    numbers in the whole file. Raises DatasetError.
    """
    for split in data.splits:
        yield from _piece(split, rank, shards)


def _piece(split: Split, rank: int, shards: int) -> Iterator[Row]:
    start = len(BYTE_ORDER_MARK) if starts_with_mark(split.path) else 0
    size = split.path.stat().st_size - start
    low, high = (start + size * place // shards for place in (rank, rank + 1))
    with opened(split.path) as file:
        line = 1
        file.seek(low)
        if low > start:
            file.seek(low - 1)
            file.readline()
            low = file.tell()
            line += _line_feeds(split, start, low)
        for raw in file:
            if low >= high:
                return
            low += len(raw)
            yield Row(raw.removesuffix(b"\n"), split, line)
            line += 1


def _line_feeds(split: Split, start: int, end: int) -> int:
    found = 0
    with opened(split.path) as file:
        file.seek(start)
        left = end - start
        while left > 0 and (block := file.read(min(BLOCK, left))):
            found += block.count(b"\n")
            left -= len(block)
    return found
