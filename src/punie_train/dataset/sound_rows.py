"""The quick answer for most rows: this one surely breaks no rule.

It never says so of a row in which `row_rules` finds something, be it only a warning (a property
test holds that); where it cannot tell, the rules themselves are asked.

Rows are judged many at once. A key that stands twice is decoded once, so lines with one hold more
colons than their values and single keys account for. Only an escaped colon could make up for that.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from msgspec import UNSET

from punie_train.dataset.control_tokens import control_token
from punie_train.dataset.plain_rows import (
    Assistant,
    NotedRow,
    PlainRow,
    System,
    Tool,
    User,
    other_colons,
)
from punie_train.dataset.rows import Row
from punie_train.dataset.sound_calls import calls_colons
from punie_train.dataset.tool_sets import tool_set

_BEFORE: Mapping[type, tuple[type | None, ...]] = {
    System: (None,),
    User: (None, System, Assistant),
    Assistant: (User, Tool),
    Tool: (Assistant, Tool),
}
_OPEN_ENDED = "<\uff5c"
"""Starts tokens of any words, which in arguments may hold what JSON escapes: for the rules."""


def surely_sound(row: Row) -> bool:
    """Say whether a row surely breaks no rule; False means that the rules must be asked."""
    if row.sound:
        return True
    plain = row.plain
    return plain is not None and bool(sound_among([plain], row.raw, [0, len(row.raw) + 1]))


def sound_among(rows: Sequence[PlainRow], raw: bytes, starts: Sequence[int]) -> list[int]:
    """Return the places of rows that surely break no rule, given with their lines.

    `starts` says where each line starts in `raw`, and where a next one would.
    """
    contents: list[Any] = []
    others: list[str] = []
    places: list[int] = []
    needed = 0
    for place, row in enumerate(rows):
        messages = row.messages
        if not _in_order(tuple(map(type, messages))):
            continue
        if row.tools is UNSET:
            contents += [message.content for message in messages]
            needed += 1 + 2 * len(messages)
        elif (tools := tool_set(bytes(row.tools))) is not None and tools.sound:
            before = len(contents), len(others)
            if not (called := calls_colons(messages, tools, contents, others)):
                del contents[before[0] :], others[before[1] :]
                continue
            needed += 2 + tools.colons + called
        else:
            continue
        if type(row) is NotedRow:
            needed += other_colons(row)
        places.append(place)
    if _speak(contents) and not _suspicious(text := "\n".join(chain(contents, others))):
        if len(places) == len(rows):
            counted = raw.count(b":", starts[0], starts[-1])
        else:
            counted = sum(raw.count(b":", starts[at], starts[at + 1]) for at in places)
        if counted == needed + text.count(":") and raw.find(b"\\u003", starts[0], starts[-1]) < 0:
            return places
    if len(rows) == 1:
        return []
    half = len(rows) // 2
    return sound_among(rows[:half], raw, starts[: half + 1]) + [
        half + at for at in sound_among(rows[half:], raw, starts[half:])
    ]


def _speak(contents: list[Any]) -> bool:
    """Say whether all contents are texts that say something and are surely not JSON in JSON."""
    try:
        if not contents or (min(contents) >= "#" and max(contents) < "\x7f"):
            return True
    except TypeError:
        return False
    return not any(not one or one[0] == '"' or one.isspace() for one in contents)


def _suspicious(text: str) -> bool:
    return ("<" in text or "[" in text) and (control_token(text) is not None or _OPEN_ENDED in text)


@lru_cache(maxsize=1024)
def _in_order(kinds: tuple[type, ...]) -> bool:
    before: type | None = None
    for kind in kinds:
        if before not in _BEFORE[kind]:
            return False
        before = kind
    return before is Assistant
