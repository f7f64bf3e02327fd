"""The quick answer for most rows: this one surely breaks no rule.

It never says so of a row in which `row_rules` finds something, be it only a warning (a property
test holds that); where it cannot tell, the rules themselves are asked.

A key that stands twice is decoded once, so a row that has one holds more colons than its values
and single keys account for. Only an escaped colon could make up for that.
"""

from collections.abc import Mapping
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
_SCALARS = (int, float, bool, type(None))


def surely_sound(row: Row) -> bool:
    """Say whether a row surely breaks no rule; False means that the rules must be asked."""
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
    calls = None if plain.tools is None else _Calls(plain.tools, texts)
    before: type | None = None
    for message in plain.messages:
        kind, content = type(message), message.content
        if before not in _BEFORE[kind] or (
            kind is Tool if calls is None else not calls.fit(message)
        ):
            return 0
        before = kind
        if not content:
            if kind is not Assistant or calls is None or not calls.waiting:
                return 0
        elif content.isspace() or content[0] == '"':
            return 0
        else:
            texts.append(content)
    if before is not Assistant:
        return 0
    return 2 * len(plain.messages) + (calls.colons if calls else 0)


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
            self.colons += 3 + len(function.arguments) + (call.type is not UNSET)
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
            if not self._simple(function.arguments):
                return False
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

    def _simple(self, arguments: Mapping[str, Any]) -> bool:
        self._texts.extend(arguments)
        for value in arguments.values():
            if type(value) is str:
                self._texts.append(value)
            elif type(value) not in _SCALARS:
                return False
        return True
