"""The quick answer for most rows: this one surely breaks no rule.

It never says so of a row in which `row_rules` finds something, be it only a warning (a property
test holds that); where it cannot tell, the rules themselves are asked.

A key that stands twice is decoded once, so a row that has one holds more colons than its values
and single keys account for. Only an escaped colon could make up for that.
"""

from collections.abc import Mapping
from functools import lru_cache

from punie_train.dataset.control_tokens import control_token
from punie_train.dataset.plain_rows import Assistant, PlainRow, System, Tool, User
from punie_train.dataset.rows import Row
from punie_train.dataset.sound_calls import calls_colons

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
    return row.sound or ((plain := row.plain) is not None and plain_surely_sound(row.raw, plain))


def plain_surely_sound(raw: bytes, plain: PlainRow) -> bool:
    """Answer for a row of the common shape, given with its line."""
    messages, tools = plain.messages, plain.tools
    if not _in_order(tuple(map(type, messages))):
        return False
    others: list[str] = []
    if tools is None:
        contents = [message.content for message in messages]
        colons = 2 * len(contents)
    elif not tools.sound:
        return False
    else:
        contents = []
        colons = calls_colons(messages, tools, contents, others)
        if not colons:
            return False
    try:
        text = "\n".join(contents + others if others else contents)
    except TypeError:
        return False
    if contents and not (min(contents) >= "#" and max(contents) < "\x7f"):
        for content in contents:
            if not content or content[0] == '"' or content.isspace():
                return False
    if ("<" in text or "[" in text) and (
        control_token(text) is not None or (others and _OPEN_ENDED in text)
    ):
        return False
    colons, end = colons + plain.colons + text.count(":"), plain.end
    return raw.count(b":", 0, end) == colons and (
        raw.find(b"0", 0, end) < 0 or raw.find(b"\\u003", 0, end) < 0
    )


@lru_cache(maxsize=1024)
def _in_order(kinds: tuple[type, ...]) -> bool:
    before: type | None = None
    for kind in kinds:
        if before not in _BEFORE[kind]:
            return False
        before = kind
    return before is Assistant
