"""Rows of the common chat shape, decoded into typed values in one step.

Most rows of most datasets are such rows. Reading them this way is faster than into dictionaries,
and leaves fewer questions open. A row of any other shape is no fault: it is read as JSON instead.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from punie_train.dataset.tool_sets import ToolSet, tool_set


class PlainFunction(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """The name and the arguments of a call."""

    name: str
    arguments: dict[str, Any]


class PlainCall(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A call in OpenAI's form."""

    function: PlainFunction
    id: str | UnsetType = UNSET
    type: Literal["function"] | UnsetType = UNSET


class PlainMessage(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A message whose content is text, if it has any."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str | UnsetType | None = UNSET
    tool_calls: list[PlainCall] | UnsetType = UNSET
    tool_call_id: str | UnsetType = UNSET
    name: str | UnsetType = UNSET


class _Chat(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    messages: list[PlainMessage]
    tools: msgspec.Raw | UnsetType = UNSET
    id: str | int | UnsetType = UNSET
    source: str | UnsetType = UNSET


class PlainRow(msgspec.Struct, gc=False):
    """A chat: its messages, its tools if the row has the key, and all that was decoded."""

    messages: list[PlainMessage]
    tools: ToolSet | None
    decoded: _Chat


_decode = msgspec.json.Decoder(_Chat).decode
_encode = msgspec.json.Encoder().encode


def read_plain(raw: bytes) -> PlainRow | None:
    """Return the row, or None if it has another shape or is no JSON at all."""
    try:
        chat = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if chat.tools is UNSET:
        return PlainRow(chat.messages, None, chat)
    tools = tool_set(bytes(chat.tools))
    return None if tools is None else PlainRow(chat.messages, tools, chat)


def surely_unique_keys(row: PlainRow, raw: bytes) -> bool:
    """Say whether no key of the row stands twice; False means that a closer look is needed.

    A repeated key is decoded once, so that writing the row again gives fewer colons. A colon that
    is escaped could make up for that: rows with such an escape get the closer look. The tools are
    taken as they are; whether their keys are unique is known from `ToolSet`.
    """
    written = _encode(row.decoded)
    if raw.count(b":") != written.count(b":"):
        return False
    return b"\\" not in raw or raw.count(b"\\") == written.count(b"\\") or b"\\u003" not in raw
