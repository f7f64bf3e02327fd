"""The tools that rows offer, read once for all rows that offer the same ones."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from punie_train.dataset.json_lines import DEEPEST, to_line, too_deep
from punie_train.dataset.simple_schemas import SimpleSchema, is_plain
from punie_train.dataset.tool_definitions import ToolDefinition, tool_definition
from punie_train.dataset.unique_keys import repeated_key

KEPT = 256
"""Lists of tools that are remembered; a larger number only costs memory."""


class ToolSet:
    """The `tools` of a row: what stands there, and what is wrong with it."""

    def __init__(self, value: Any, *, unique_keys: bool = True, colons: int = 0) -> None:
        """Take the JSON value of the key `tools`, and how many colons its text has."""
        self.value, self.unique_keys, self.colons = value, unique_keys, colons

    @cached_property
    def definitions(self) -> tuple[ToolDefinition, ...]:
        """Return the entries, sound or not; () if `value` is no list."""
        if not isinstance(self.value, list):
            return ()
        return tuple(tool_definition(to_line(entry)) for entry in self.value)

    @cached_property
    def by_name(self) -> Mapping[str, ToolDefinition]:
        """Return the entries that have a name, the first of each name."""
        named: dict[str, ToolDefinition] = {}
        for one in self.definitions:
            if one.name is not None:
                named.setdefault(one.name, one)
        return named

    @cached_property
    def simple(self) -> Mapping[str, SimpleSchema]:
        """Return the schemas, by name of the tool, that are checked without a library."""
        return {name: one.simple for name, one in self.by_name.items() if one.simple is not None}

    @cached_property
    def plain(self) -> Mapping[str, SimpleSchema]:
        """Return those of `simple` of which no name holds a colon or a control token."""
        return {
            name: one for name, one in self.simple.items() if one.plain_names and is_plain([name])
        }

    @cached_property
    def sound(self) -> bool:
        """Say whether nothing at all is wrong: unique keys and names, valid schemas."""
        if self.value is None:
            return self.unique_keys
        return (
            self.unique_keys
            and isinstance(self.value, list)
            and len(self.by_name) == len(self.definitions)
            and all(one.sound for one in self.definitions)
        )


@lru_cache(maxsize=KEPT)
def tool_set(raw: bytes) -> ToolSet | None:
    """Return the tools in the JSON text of a key `tools`; None for what no row may hold."""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(value, dict | list) and too_deep(raw, value, DEEPEST - 1):
        return None
    return ToolSet(value, unique_keys=repeated_key(raw) is None, colons=raw.count(b":"))


def tool_set_of(value: Any) -> ToolSet:
    """Return the tools in the value of a key `tools`, remembered like those of `tool_set`."""
    if value is None:
        return _NONE
    return tool_set(msgspec.json.encode(value)) or ToolSet(value)


_NONE = ToolSet(None)
