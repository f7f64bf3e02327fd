"""Rows of the common chat shape, decoded into typed values in one step.

Most rows of most datasets are such rows. Reading them this way is faster than into dictionaries,
and leaves fewer questions open: content is text, roles are known, other keys are absent. A row of
any other shape is no fault: it is read as JSON instead.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from punie_train.dataset.json_lines import DEEPEST, too_deep
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


class PlainRow(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A chat: its messages, and its tools as JSON."""

    messages: list[PlainMessage]
    tools: msgspec.Raw | UnsetType = UNSET

    @property
    def offered(self) -> ToolSet | None:
        """Return the tools, read once for all rows that have the same; None without the key."""
        return None if self.tools is UNSET else tool_set(bytes(self.tools))


class NotedRow(PlainRow, gc=False, forbid_unknown_fields=True):
    """A chat with other keys, which no rule is about."""

    id: Any = UNSET
    source: Any = UNSET
    category: Any = UNSET
    metadata: Any = UNSET
    meta: Any = UNSET

    @property
    def others(self) -> list[Any]:
        """Return the values of the other keys."""
        values = (self.id, self.source, self.category, self.metadata, self.meta)
        return [value for value in values if value is not UNSET]


_NEVER = -(1 << 60)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decoders = msgspec.json.Decoder(PlainRow), msgspec.json.Decoder(NotedRow)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def read_plain(raw: bytes) -> PlainRow | None:
    """Return the row, or None if it has another shape or is no JSON at all."""
    for decoder in _decoders:
        with suppress(*_UNREADABLE):
            row = decoder.decode(raw)
            if row.tools is not UNSET and tool_set(bytes(row.tools)) is None:
                return None
            return None if isinstance(row, NotedRow) and other_colons(row) < 0 else row
    return None


def parse_plain(raw: bytes) -> dict[str, Any]:
    """Return the JSON object of a line that `read_plain` takes; equal tools are one object."""
    value: dict[str, Any] = {}
    for key, text in _members(raw).items():
        tools = tool_set(bytes(text)) if key == "tools" else None
        value[key] = _decode(text) if tools is None else tools.value
    return value


def read_plain_lines(raw: bytes, starts: Sequence[int]) -> Sequence[PlainRow] | None:
    """Return the rows of whole lines, or None if one has another shape or is no JSON at all.

    `starts` says where each line starts, and where a next one would. The JSON of `tools` and the
    depth of other keys were not looked at.
    """
    for start in starts[1:-1]:
        if raw[start - 2 : start + 1] != b"}\n{":
            return None
    lines = memoryview(raw)[starts[0] : starts[-1]]
    for decoder in _decoders:
        with suppress(*_UNREADABLE):
            rows = decoder.decode_lines(lines)
            return rows if len(rows) == len(starts) - 1 else None
    return None


def all_readable(rows: Sequence[PlainRow]) -> bool:
    """Say of what `read_plain_lines` returned whether `read_plain` takes all of it."""
    tools = {bytes(row.tools) for row in rows if row.tools is not UNSET}
    return all(tool_set(one) is not None for one in tools) and all(
        other_colons(row) >= 0 for row in rows if isinstance(row, NotedRow)
    )


def other_colons(row: NotedRow) -> int:
    """Return how many colons other keys need; far below 0 if they are nested too deeply."""
    colons = 0
    for value in row.others:
        colons += 1
        if isinstance(value, str):
            colons += value.count(":")
        elif isinstance(value, dict | list):
            text = _encode(value)
            if too_deep(text, value, DEEPEST - 1):
                return _NEVER
            colons += text.count(b":")
    return colons
