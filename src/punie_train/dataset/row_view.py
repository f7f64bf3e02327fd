"""One view of a row for those who count or compare: who says how much, and which tools are called.

Rows of every format have it, broken ones too: what cannot be read is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.dataset.call_rules import call_function, calls_of
from punie_train.dataset.chatml import START, ChatMLError, chatml_turns
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.json_lines import to_line
from punie_train.dataset.row_rules import row_format
from punie_train.dataset.tool_sets import tool_set_of
from punie_train.toolcalls.parse import parse

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message: who speaks, all its text, and the tools it calls by name.

    Calls are read from `tool_calls`, or else from the text as an evaluation would read them; the
    arguments of `tool_calls` stand in the text as JSON.
    """

    role: str
    text: str
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row's format, its messages, the names of the tools it offers, and its category."""

    format: str
    said: tuple[Said, ...]
    tools: tuple[str, ...] = ()
    category: str | None = None

    @property
    def characters(self) -> int:
        """Return the length of all texts."""
        return sum(len(one.text) for one in self.said)

    @property
    def calls(self) -> tuple[str, ...]:
        """Return the names of all calls, in order."""
        return tuple(name for one in self.said for name in one.calls)


def view_of(value: Mapping[str, Any]) -> RowView:
    """Return the view of a row's JSON object; never raises for what stands in it."""
    known = row_format(value)
    match known:
        case ExampleFormat.MESSAGES:
            said = tuple(_said_in_messages(value["messages"]))
        case ExampleFormat.COMPLETION:
            said = (
                Said(role="user", text=_text(value["prompt"])),
                _written("assistant", _text(value["completion"])),
            )
        case ExampleFormat.TEXT:
            said = tuple(_said_in_text(_text(value["text"])))
        case _:
            said = ()
    category = value.get("category")
    return RowView(
        format=str(known or UNKNOWN),
        said=said,
        tools=tuple(tool_set_of(value.get("tools")).by_name),
        category=category if isinstance(category, str) else None,
    )


def _said_in_messages(messages: Any) -> Iterator[Said]:
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, dict):
            continue
        role, text = str(message.get("role")), _text(message.get("content"))
        functions = [found for call in calls_of(message) if (found := call_function(call))]
        if not functions:
            yield _written(role, text)
            continue
        arguments = [_text(one.get("arguments", {})) for one in functions]
        names = tuple(one["name"] for one in functions)
        yield Said(role=role, text="\n".join(filter(None, [text, *arguments])), calls=names)


def _said_in_text(text: str) -> Iterator[Said]:
    if START not in text:
        yield _written("text", text)
        return
    try:
        turns = chatml_turns(text)
    except ChatMLError:
        yield Said(role="text", text=text)
        return
    for turn in turns:
        yield _written(turn.role, turn.content)


def _written(role: str, text: str) -> Said:
    """Return a message whose calls, if it has any, are written in its text."""
    if role != "assistant" or not ("<tool_call>" in text or ("```" in text and '"name"' in text)):
        return Said(role=role, text=text)
    calls = tuple(found.call.name for found in parse(text, ()).calls)
    return Said(role=role, text=text, calls=calls)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(part, Mapping) for part in value):
            return "\n".join(str(part.get("text") or "") for part in value)
        case _:
            return to_line(value).decode()
