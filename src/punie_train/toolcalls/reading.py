"""What one format's reader found in a piece of text; positions count characters of that piece."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.toolcalls.parsed import MalformedCall, WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCall:
    """A call, the format it is in, and whether it is written exactly as that format prescribes."""

    call: ToolCall
    format: WireFormat
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A stretch of text that a reader claims.

    Without calls and malformed calls the stretch is an answer (code in a fence, say): it stays in
    the content and no later reader looks into it.
    """

    start: int
    end: int
    calls: tuple[FoundCall, ...] = ()
    malformed: tuple[MalformedCall, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Return whether the stretch is text for the user."""
        return not self.calls and not self.malformed


ToolsByName = Mapping[str, ToolSpec]
Reader = Callable[[str, ToolsByName], Iterator[Reading]]
"""Reads a piece of text from left to right; readings do not overlap."""
