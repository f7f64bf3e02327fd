"""Rows of the common chat shape, decoded into typed values in one step.

Most rows of most datasets are such rows. Reading them this way is faster than into dictionaries,
and leaves fewer questions open: content is text, roles are known, other keys are absent. A row of
any other shape is no fault: it is read as JSON instead.
"""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from punie_train.dataset.json_lines import DEEPEST, too_deep
from punie_train.dataset.tool_sets import KEPT, ToolSet, tool_set

Text = Annotated[str, Meta(min_length=1)]
Scalar = str | int | float | bool | None
Inner = Scalar | list[Scalar] | dict[str, Scalar]
Value = Scalar | list[Inner] | dict[str, Inner]
"""The value of an argument, two levels deep at most; deeper ones are read as JSON."""


class PlainFunction(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The name and the arguments of a call."""

    name: str
    arguments: dict[str, Value]


class PlainCall(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A call in OpenAI's form."""

    function: PlainFunction
    id: Text | UnsetType = UNSET
    type: Literal["function"] | UnsetType = UNSET


class System(msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="role", tag="system"):
    """A message of the system."""

    content: Text


class User(msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="role", tag="user"):
    """A message of the user."""

    content: Text


class Assistant(
    msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="role", tag="assistant"
):
    """A message of the model, with text or calls or both."""

    content: str | UnsetType | None = UNSET
    tool_calls: list[PlainCall] | UnsetType = UNSET


class Tool(msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="role", tag="tool"):
    """The result of a call."""

    content: Text
    tool_call_id: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET


PlainMessage = System | User | Assistant | Tool


class _Chat(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    messages: list[PlainMessage]
    tools: msgspec.Raw | UnsetType = UNSET
    id: Any = UNSET
    source: Any = UNSET
    category: Any = UNSET
    metadata: Any = UNSET
    meta: Any = UNSET


class PlainRow(msgspec.Struct, gc=False):
    """A chat: its messages, and its tools if the row has the key.

    Its line has `colons` colons before `end`, not counting those of the messages, if no key stands
    twice; what follows is known to be sound in this regard.
    """

    messages: list[PlainMessage]
    tools: ToolSet | None
    colons: int
    end: int


class _Ending(msgspec.Struct):
    """How rows with the same tools end, from the comma before the key `tools` on."""

    text: bytes
    tools: ToolSet


_KEY = re.compile(rb',[ \t]*"tools"[ \t]*:[ \t]*')
_TAIL = 64
"""Bytes by which endings are found again."""
_endings: dict[bytes, _Ending] = {}
_NEVER = -(1 << 60)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Chat).decode


def read_plain(raw: bytes) -> PlainRow | None:
    """Return the row, or None if it has another shape or is no JSON at all."""
    ending = _endings.get(raw[-_TAIL:])
    if ending is not None and raw.endswith(ending.text):
        end = len(raw) - len(ending.text)
        chat = _chat(raw[:end] + b"}")
        if chat is not None and chat.tools is UNSET:
            return _plain(chat, raw, ending.tools, 1, end)
    chat = _chat(raw)
    if chat is None:
        return None
    if chat.tools is UNSET:
        return _plain(chat, raw, None, 1, len(raw))
    text = bytes(chat.tools)
    tools = tool_set(text)
    if tools is None:
        return None
    start = len(raw) - len(text) - 1
    if raw.endswith(b"}") and raw.startswith(text, start):
        comma = raw.rfind(b",", 0, start)
        if comma >= 0 and tools.unique_keys and _KEY.fullmatch(raw, comma, start):
            if len(_endings) >= KEPT:
                _endings.clear()
            _endings[raw[-_TAIL:]] = _Ending(raw[comma:], tools)
    return _plain(chat, raw, tools, 2 + tools.colons, len(raw))


def _chat(raw: bytes) -> _Chat | None:
    try:
        return _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _plain(
    chat: _Chat, raw: bytes, tools: ToolSet | None, colons: int, end: int
) -> PlainRow | None:
    """Return the row with the colons of its other keys, None for what only the rules can judge."""
    if chat.id is not UNSET or chat.source is not UNSET or chat.category is not UNSET:
        colons += _colons((chat.id, chat.source, chat.category), raw)
    if chat.metadata is not UNSET or chat.meta is not UNSET:
        colons += _colons((chat.metadata, chat.meta), raw)
    return PlainRow(chat.messages, tools, colons, end) if colons > 0 else None


def _colons(values: tuple[Any, ...], raw: bytes) -> int:
    """Return how many colons keys with these values need; far below 0 for what only rules judge."""
    colons = present = 0
    for value in values:
        if value is UNSET:
            continue
        present += 1
        if isinstance(value, str):
            colons += value.count(":")
        elif isinstance(value, dict | list):
            text = _encode(value)
            if too_deep(text, value, DEEPEST - 1):
                return _NEVER
            colons += text.count(b":")
    if colons and b"\\u003" in raw:
        return _NEVER
    return colons + present
