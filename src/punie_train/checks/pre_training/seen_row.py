"""A row as the checks see it: its turns and calls, and how the model's template renders it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.call_rules import call_function, calls_of, decoded
from punie_train.dataset.chatml import START, ChatMLError, chatml_turns
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.json_lines import UnreadableLineError, to_line
from punie_train.dataset.redaction import Redaction, is_clean, redact_row
from punie_train.dataset.row_rules import row_format
from punie_train.dataset.row_text import content_text
from punie_train.dataset.rows import Row
from punie_train.dataset.said_words import SaidWords, said_words
from punie_train.dataset.tool_sets import ToolSet
from punie_train.toolcalls.code_blocks import CODE_TOOL
from punie_train.toolcalls.openai_tools import UnreadableToolsError, tools_from_openai
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import ParsedReply, WireFormat

_MARKS = ("<tool_call>", "<function", "[TOOL_CALLS]")
_MEANT = re.compile(
    r"<function_?call>|<tool_call>"
    r'|"name"\s{0,20}:\s{0,20}"[^"\s]{1,200}"\s{0,20},\s{0,20}"(?:arguments|parameters'
    r'(?!"\s{0,20}:\s{0,20}\{\s{0,20}"(?:type"\s{0,20}:\s{0,20}"object|properties)"))"\s{0,20}:'
)
"""What is meant as a call even where nothing of it can be read; a tool's definition is not."""


def meant_call(text: str) -> str:
    """Return a text from where it is meant as a call, "" where nothing is."""
    found = _MEANT.search(text)
    return text[found.start() :] if found else ""


class Encoded(Protocol):
    """The tokens of a text; what the tokenizers library returns."""

    @property
    def ids(self) -> list[int]:
        """Return the ids."""
        ...

    def char_to_token(self, char_pos: int, /) -> int | None:
        """Return the position of the token that holds a character."""
        ...


@dataclass(frozen=True, slots=True)
class Rendering:
    """A row as the model reads it; a span of the text for each answer, None where there is none.

    `problem` says why the template could not render it.
    """

    text: str = ""
    answers: tuple[tuple[int, int] | None, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class SeenTurn:
    """One turn: who speaks, its text, and the calls that stand in `tool_calls`."""

    role: str
    text: str
    calls: tuple[ToolCall, ...] = ()


class SeenRow:
    """One row; what is asked for is worked out once. Broken rows have what can be read."""

    def __init__(self, row: Row, trained: WireFormat = WireFormat.QWEN3_CODER_XML) -> None:
        """Take a row, and the format that its calls will be written in."""
        self.row, self._trained = row, trained
        self.rendering: Rendering | None = None
        self.encoded: Encoded | None = None
        self.survives = True

    @cached_property
    def value(self) -> Mapping[str, Any] | None:
        """Return the JSON object, None for a line that holds none."""
        try:
            return self.row.shared_value
        except UnreadableLineError:
            return None

    @property
    def is_training(self) -> bool:
        """Say whether the row is in the training split."""
        return self.row.split.name == "train"

    @cached_property
    def format(self) -> ExampleFormat | None:
        """Return the format, None for none."""
        return None if self.value is None else row_format(self.value)

    @cached_property
    def turns(self) -> tuple[SeenTurn, ...]:
        """Return the turns in order; a plain text is one turn of the role `text`."""
        value = self.value or {}
        match self.format:
            case ExampleFormat.MESSAGES:
                return tuple(_turns(value["messages"]))
            case ExampleFormat.COMPLETION:
                given, answer = content_text(value["prompt"]), content_text(value["completion"])
                return SeenTurn("user", given), SeenTurn("assistant", answer)
            case ExampleFormat.TEXT:
                return tuple(_text_turns(content_text(value["text"])))
            case _:
                return ()

    @cached_property
    def said(self) -> SaidWords:
        """Return the words of the row, none for a line that holds no object."""
        return said_words([self.value or {}])[0]

    @cached_property
    def offered(self) -> ToolSet | None:
        """Return the tools that the row shares with others, None where that is unknown."""
        return None if self.row.plain is None else self.row.plain.offered

    @cached_property
    def tools(self) -> tuple[ToolSpec, ...]:
        """Return the tools that the row offers, () where they cannot be read."""
        if self.offered is not None:
            return _specs_of(self.offered)
        offered = (self.value or {}).get("tools")
        return _specs(to_line(offered)) if offered else ()

    @cached_property
    def read_with(self) -> tuple[ToolSpec, ...]:
        """Return the tools by which calls in text are read: the row's, or else the agent's."""
        return self.tools or AGENT_TOOLS

    @cached_property
    def replies(self) -> tuple[ParsedReply | None, ...]:
        """Return how an evaluation reads each answer; None for one that holds no call at all."""
        answers = [turn for turn in self.turns if turn.role in ("assistant", "text")]
        spans: Sequence[tuple[int, int] | None] = ()
        if self.rendering is not None and self.rendering.problem is None:
            spans = self.rendering.answers
        if len(spans) != len(answers):
            spans = [None] * len(answers)
        return tuple(map(self._reply, answers, spans))

    @cached_property
    def calls(self) -> tuple[tuple[ToolCall, ...], ...]:
        """Return the calls of each answer: those in `tool_calls`, or else those in its text."""
        answers = [turn for turn in self.turns if turn.role in ("assistant", "text")]
        return tuple(
            turn.calls or (tuple(found.call for found in reply.calls) if reply else ())
            for turn, reply in zip(answers, self.replies, strict=True)
        )

    @cached_property
    def unread(self) -> tuple[bool, ...]:
        """Say for each answer whether it is meant as a call of which nothing can be read."""
        answers = [turn for turn in self.turns if turn.role in ("assistant", "text")]
        return tuple(
            not turn.calls and not (reply and reply.calls) and bool(meant_call(turn.text))
            for turn, reply in zip(answers, self.replies, strict=True)
        )

    @property
    def means_unread_call(self) -> bool:
        """Say whether an answer is meant as a call that cannot be read."""
        return any(self.unread) or any(reply and reply.malformed for reply in self.replies)

    @cached_property
    def called(self) -> tuple[str, ...]:
        """Return the names of all tools called, in order."""
        return tuple(call.name for calls in self.calls for call in calls)

    @cached_property
    def programs(self) -> tuple[str, ...]:
        """Return the code of every call of `execute_code`."""
        found = (
            call.arguments.get("code")
            for calls in self.calls
            for call in calls
            if call.name == CODE_TOOL
        )
        return tuple(code for code in found if isinstance(code, str))

    @cached_property
    def redactions(self) -> tuple[Redaction, ...]:
        """Return what `dataset redact` would take out; tools that many rows share are read once."""
        if self.value is None:
            return ()
        said = {key: value for key, value in self.value.items() if key != "tools"}
        found = () if is_clean(said) else redact_row(said).redactions
        if not (offered := self.value.get("tools")):
            return found
        shared = self.offered
        return (*found, *(_of_tools(offered) if shared is None else _of_shared(shared)))

    def _reply(self, turn: SeenTurn, span: tuple[int, int] | None) -> ParsedReply | None:
        if not turn.calls and not _may_call(turn.text):
            return None
        text = turn.text
        if span is not None and self.rendering is not None:
            text = self.rendering.text[slice(*span)]
        elif turn.calls:
            return None
        return parse(text, self.read_with, trained=self._trained)


def _turns(messages: Any) -> Iterator[SeenTurn]:
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, Mapping):
            functions = filter(None, map(call_function, calls_of(message)))
            calls = tuple(
                ToolCall(name=function["name"], arguments=_arguments(function.get("arguments")))
                for function in functions
            )
            text = content_text(message.get("content"))
            yield SeenTurn(str(message.get("role")), text, calls)


def _arguments(value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        value = decoded(value)
    return value if isinstance(value, Mapping) else {}


def _text_turns(text: str) -> Iterator[SeenTurn]:
    if START in text:
        try:
            yield from (SeenTurn(turn.role, turn.content) for turn in chatml_turns(text))
        except ChatMLError:
            yield SeenTurn("text", text)
    elif text:
        yield SeenTurn("text", text)


def _may_call(text: str) -> bool:
    return any(mark in text for mark in _MARKS) or ('"name"' in text and "{" in text)


@lru_cache(maxsize=256)
def _specs_of(tools: ToolSet) -> tuple[ToolSpec, ...]:
    return _specs(to_line(tools.value))


@lru_cache(maxsize=256)
def _specs(raw: bytes) -> tuple[ToolSpec, ...]:
    try:
        return tools_from_openai(decoded(raw.decode()))
    except UnreadableToolsError:
        return ()


def _of_tools(offered: Any) -> tuple[Redaction, ...]:
    return redact_row({"tools": offered}).redactions


@lru_cache(maxsize=256)
def _of_shared(tools: ToolSet) -> tuple[Redaction, ...]:
    return _of_tools(tools.value)
