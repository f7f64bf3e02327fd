"""The quick answer for most rows: this one surely breaks no rule.

It never says so of a row in which `row_rules` finds something, be it only a warning (a property
test holds that); where it cannot tell, the rules themselves are asked.

Rows are judged many at once. A key that stands twice is decoded once, so lines with one hold more
colons than their values and single keys account for. Only an escaped colon could make up for that.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

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
    if row.sound is not None:
        return row.sound
    plain = row.plain
    return plain is not None and bool(sound_among([plain], row.raw, [0, len(row.raw) + 1]))


def sound_among(rows: Sequence[PlainRow], raw: bytes, starts: Sequence[int]) -> list[int]:
    """Return the places of rows that surely break no rule, given with their lines.

    `starts` says where each line starts in `raw`, and where a next one would.
    """
    texts = _Texts()
    taken = texts.take(rows)
    text = texts.text()
    if _suspicious(text):
        clean = texts.clean(0, len(taken))
        taken, texts = [taken[at] for at in clean], texts.some(clean)
        text = texts.text()
    if _speak(texts.contents) and raw.rfind(b"\\u003", starts[0], starts[-1]) < 0:
        if len(taken) == len(rows):
            counted = raw.count(b":", starts[0], starts[-1])
        else:
            counted = sum(raw.count(b":", starts[at], starts[at + 1]) for at in taken)
        if counted == sum(texts.colons) + text.count(":"):
            return taken
    if len(rows) == 1:
        return []
    half = len(rows) // 2
    return sound_among(rows[:half], raw, starts[: half + 1]) + [
        half + at for at in sound_among(rows[half:], raw, starts[half:])
    ]


class _Texts:
    """What rows say: contents, which must say something, and all else where a colon may stand.

    `colons` has for each row the number that its keys need.
    """

    def __init__(self) -> None:
        self.contents: list[str] = []
        self.others: list[str] = []
        self.colons: list[int] = []
        self._ends: list[tuple[int, int]] = [(0, 0)]

    def take(self, rows: Sequence[PlainRow]) -> list[int]:
        """Take the rows of which all but the texts is sound, and return their places."""
        contents, others, taken = self.contents, self.others, []
        offered, tools = b"", None
        for place, row in enumerate(rows):
            messages = row.messages
            if not _in_order(tuple(map(type, messages))):
                continue
            if row.tools is UNSET:
                said = [message.content for message in messages if message.content]
                if len(said) < len(messages):
                    continue
                contents += said
                colons = 1 + 2 * len(said)
            else:
                raw = bytes(row.tools)
                if raw != offered:
                    offered, tools = raw, tool_set(raw)
                if tools is None or not tools.sound:
                    continue
                colons = calls_colons(messages, tools, contents, others)
                if not colons:
                    before = self._ends[-1]
                    del contents[before[0] :], others[before[1] :]
                    continue
                colons += 2 + tools.colons
            if isinstance(row, NotedRow):
                colons += other_colons(row)
            taken.append(place)
            self.colons.append(colons)
            self._ends.append((len(contents), len(others)))
        return taken

    def text(self, low: int = 0, high: int = -1) -> str:
        """Return all texts of the rows from `low` on and before `high`."""
        if high < 0:
            return "\n".join([*self.contents, *self.others])
        start, end = self._ends[low], self._ends[high]
        return "\n".join(self.contents[start[0] : end[0]] + self.others[start[1] : end[1]])

    def clean(self, low: int, high: int) -> list[int]:
        """Return the rows from `low` on and before `high` that surely hold no control token."""
        if not _suspicious(self.text(low, high)):
            return list(range(low, high))
        if high - low == 1:
            return []
        middle = (low + high) // 2
        return self.clean(low, middle) + self.clean(middle, high)

    def some(self, places: Sequence[int]) -> "_Texts":
        """Return the texts of some of the rows."""
        texts = _Texts()
        for at in places:
            start, end = self._ends[at], self._ends[at + 1]
            texts.contents += self.contents[start[0] : end[0]]
            texts.others += self.others[start[1] : end[1]]
            texts.colons.append(self.colons[at])
            texts._ends.append((len(texts.contents), len(texts.others)))
        return texts


def _speak(contents: list[str]) -> bool:
    """Say whether all contents say something and surely are not JSON inside JSON."""
    if not contents or min(contents) >= "#":
        return not any(map(str.isspace, contents))
    return not any(not one or one[0] == '"' or one.isspace() for one in contents)


def _suspicious(text: str) -> bool:
    return control_token(text) is not None or ("<" in text and _OPEN_ENDED in text)


@lru_cache(maxsize=1024)
def _in_order(kinds: tuple[type, ...]) -> bool:
    before: type | None = None
    for kind in kinds:
        if before not in _BEFORE[kind]:
            return False
        before = kind
    return before is Assistant
