"""The quick answer for most rows: this one surely breaks no rule.

It never says so of a row in which `row_rules` finds something, be it only a warning (a property
test holds that); where it cannot tell, the rules themselves are asked.

A key that stands twice is decoded once, so a row that has one holds more colons than its values
and single keys account for. Only an escaped colon could make up for that.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import UNSET

from punie_train.dataset.control_tokens import control_token
from punie_train.dataset.plain_rows import (
    Assistant,
    PlainCall,
    PlainMessage,
    PlainRow,
    System,
    Tool,
    User,
)
from punie_train.dataset.rows import Row
from punie_train.dataset.tool_sets import ToolSet

_BEFORE: Mapping[type, tuple[type | None, ...]] = {
    System: (None,),
    User: (None, System, Assistant),
    Assistant: (User, Tool),
    Tool: (Assistant, Tool),
}


def surely_sound(row: Row) -> bool:
    """Say whether a row surely breaks no rule; False means that the rules must be asked."""
    if row.sound:
        return True
    plain = row.plain
    if plain is None or (plain.tools is not None and not plain.tools.sound):
        return False
    texts: list[str] = []
    colons = _colons(plain, texts)
    if not colons:
        return False
    text = "\n".join(texts)
    if control_token(text) is not None:
        return False
    raw = row.raw
    if ":" not in text:
        return raw.count(b":") == plain.top_colons + colons
    return raw.count(b":") == plain.top_colons + colons + text.count(":") and (
        b"\\" not in raw or b"\\u003" not in raw
    )


def _colons(plain: PlainRow, texts: list[str]) -> int:
    """Return how many colons the keys of sound messages need, or 0; collect their texts."""
    messages = plain.messages
    if not _in_order(tuple(map(type, messages))):
        return 0
    if plain.tools is None:
        return 2 * len(messages) if _said(messages, texts) else 0
    calls = _Calls(plain.tools, texts)
    for message in messages:
        if not calls.fit(message):
            return 0
        content = message.content
        if not content:
            if type(message) is not Assistant or not calls.waiting:
                return 0
        elif content.isspace() or content[0] == '"':
            return 0
        else:
            texts.append(content)
    return 2 * len(messages) + calls.colons


def _said(messages: list[PlainMessage], texts: list[str]) -> bool:
    """Collect the contents of messages that call nothing; say whether they are surely sound."""
    for message in messages:
        content = message.content
        if not content or content[0] == '"' or content.isspace():
            return False
        texts.append(content)
    return not any(type(message) is Tool for message in messages)


@lru_cache(maxsize=1024)
def _in_order(kinds: tuple[type, ...]) -> bool:
    before: type | None = None
    for kind in kinds:
        if before not in _BEFORE[kind]:
            return False
        before = kind
    return before is Assistant


class _Calls:
    """The calls of one row: those that wait for a result, and the colons of their keys."""

    def __init__(self, tools: ToolSet, texts: list[str]) -> None:
        self.waiting: dict[str, str] = {}
        self.colons = 0
        self._tools, self._texts = tools.by_name, texts
        self._ids: set[str] = set()

    def fit(self, message: PlainMessage) -> bool:
        """Take the next message; say whether its calls or its result are surely sound."""
        if isinstance(message, Tool):
            return self._answered_by(message)
        if self.waiting:
            return False
        if isinstance(message, Assistant) and message.tool_calls is not UNSET:
            self.colons += 1 if message.content is not UNSET else 0
            return self._sound(message.tool_calls)
        return True

    def _sound(self, calls: list[PlainCall]) -> bool:
        for call in calls:
            function, key = call.function, call.id
            tool = self._tools.get(function.name)
            if tool is None or not tool.surely_fits(function.arguments):
                return False
            self.colons += 3 + (call.type is not UNSET)
            if key is UNSET:
                key = f"\0{len(self._ids)}"
            else:
                self.colons += 1
                self._texts.append(key)
            if key in self._ids:
                return False
            self._ids.add(key)
            self.waiting[key] = function.name
            self._texts.append(function.name)
            self._take(function.arguments)
        return bool(calls)

    def _answered_by(self, result: Tool) -> bool:
        name, key = result.name, result.tool_call_id
        if name is not UNSET:
            self.colons += 1
            self._texts.append(name)
        if key is UNSET:
            key = next((one for one, of in self.waiting.items() if name in (UNSET, of)), "")
        else:
            self.colons += 1
            self._texts.append(key)
        wanted = self.waiting.pop(key, None)
        return wanted is not None and name in (UNSET, wanted)

    def _take(self, arguments: Mapping[str, Any]) -> None:
        """Count the keys of an object and of those in it; collect keys and texts."""
        texts = self._texts
        texts.extend(arguments)
        self.colons += len(arguments)
        for value in arguments.values():
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is dict:
                self._take(value)
            elif kind is list:
                for item in value:
                    if type(item) is str:
                        texts.append(item)
                    elif type(item) is dict:
                        self._take(item)
                    elif type(item) is list:
                        texts.extend(one for one in item if type(one) is str)
