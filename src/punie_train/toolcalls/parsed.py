"""The result of reading a reply."""

from dataclasses import dataclass
from enum import StrEnum

from punie_train.core.messages import ToolCall


class WireFormat(StrEnum):
    """How a call was written; `NONE` is a reply without any call."""

    QWEN3_CODER_XML = "qwen3-coder-xml"
    HERMES_JSON = "hermes-json"
    FENCED_JSON = "fenced-json"
    BARE_JSON = "bare-json"
    TAGGED_JSON = "tagged-json"
    FUNCTION_JSON = "function-json"
    MISTRAL = "mistral"
    PYTHONIC = "pythonic"
    BRACKET_JSON = "bracket-json"
    BARE_CODE = "bare-code"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCall:
    """A readable call: how it was written, and whether exactly as the format prescribes."""

    call: ToolCall
    format: WireFormat
    strict: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedCall:
    """Text that is meant as a call and cannot be read; `position` counts characters from 0."""

    reason: str
    position: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedReply:
    """The calls of a reply in order, what could not be read, and the remaining text."""

    calls: tuple[ParsedCall, ...] = ()
    malformed: tuple[MalformedCall, ...] = ()
    content: str = ""
