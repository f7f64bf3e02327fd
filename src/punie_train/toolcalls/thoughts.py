"""Closed thinking, in which only tagged calls count."""

from collections.abc import Iterator

from punie_train.toolcalls.reading import Reading, ToolsByName

_OPEN, _CLOSE = "<think>", "</think>"


def read_thoughts(text: str, _tools: ToolsByName) -> Iterator[Reading]:
    """Yield each `<think>...</think>` as text to be left alone.

    The opening tag of the first may be missing, because templates write it into the prompt.
    """
    position = 0
    while (closing := text.find(_CLOSE, position)) >= 0:
        opening = text.find(_OPEN, position, closing)
        end = closing + len(_CLOSE)
        if opening >= 0 or position == 0:
            yield Reading(start=max(opening, position), end=end)
        position = end
