"""Rows of the common chat shape, decoded into typed values in one step.

Most rows of most datasets are such rows. Reading them this way is faster than into dictionaries,
and leaves fewer questions open: content is text, roles are known, other keys are absent. A row of
any other shape is no fault: it is read as JSON instead.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from punie_train.dataset.tool_sets import ToolSet, tool_set

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
    id: str | int | UnsetType = UNSET
    source: str | UnsetType = UNSET
    category: str | UnsetType = UNSET


class PlainRow(msgspec.Struct, gc=False):
    """A chat: its messages, its tools if the row has the key, and how often keys stand in it.

    `top_colons` is the number of colons that the row has outside of `messages`.
    """

    messages: list[PlainMessage]
    tools: ToolSet | None
    top_colons: int


_decode = msgspec.json.Decoder(_Chat).decode


def read_plain(raw: bytes) -> PlainRow | None:
    """Return the row, or None if it has another shape or is no JSON at all."""
    try:
        chat = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    tools, colons = None, 1
    if chat.tools is not UNSET:
        tools = tool_set(bytes(chat.tools))
        if tools is None:
            return None
        colons += 1 + tools.colons
    for said in (chat.id, chat.source, chat.category):
        if said is UNSET:
            continue
        colons += 1
        if type(said) is str and ":" in said:
            if b"\\u003" in raw:
                return None
            colons += said.count(":")
    return PlainRow(chat.messages, tools, colons)
