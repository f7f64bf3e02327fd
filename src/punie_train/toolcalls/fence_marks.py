"""The marks of a code fence that holds nothing but tagged calls."""

import re
from collections.abc import Iterable, Iterator

from punie_train.toolcalls.reading import Reading

_OPENING = re.compile(r"```[ \t]{0,20}[\w+.-]{0,40}\s{0,20}\Z")
_CLOSING = re.compile(r"\s{0,20}```(?![\w`])")
_LONGEST = 90


def with_fence_marks(text: str, readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield readings and, as text to be left alone, the marks of fences around them.

    Otherwise the closing mark would open a fence for the readers that come later, and what
    follows it would be in there.
    """
    if "```" not in text:
        yield from readings
        return
    position = 0
    opened = False
    for reading in readings:
        start = reading.start
        lookback = max(position, start - _LONGEST)
        opening = _OPENING.search(text[lookback:start])
        closing = _CLOSING.match(text, reading.end)
        if opening and closing and not opened:
            yield Reading(start=lookback + opening.start(), end=start)
        yield reading
        position = reading.end
        if closing and (opened or opening):
            yield Reading(start=position, end=closing.end())
            position, opened = closing.end(), False
        else:
            opened = opened or opening is not None
