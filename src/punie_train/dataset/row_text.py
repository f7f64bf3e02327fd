"""The text of a row that counts when rows are compared, searched or judged.

Rows need not be valid here: what has no known shape is taken as its canonical JSON, and nothing
is raised.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import msgspec

_too_deep = count(1)
TURN_START = "<|im_start|>"
TURN_END = "<|im_end|>"


@dataclass(frozen=True, slots=True)
class Part:
    """One turn of a row: who speaks (`text` where a row names nobody), its text, its calls."""

    role: str
    text: str
    calls: tuple[str, ...] = ()


def canonical_json(value: Any) -> str:
    """Return the JSON of a value with sorted keys and no spaces; equal values give equal text.

    What is nested too deeply for that gives a text of its own each time, like no other.
    """
    try:
        return msgspec.json.encode(value, order="sorted").decode()
    except (OverflowError, TypeError, ValueError):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return f"nested too deeply {next(_too_deep)}"


def canonical_call(call: Any) -> str:
    """Return a call as its name and canonical arguments; ids and wrappers are left out.

    Arguments that are a JSON string of an object count as that object.
    """
    function = call.get("function", call) if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping):
        return canonical_json(call)
    arguments = function.get("arguments", {})
    if isinstance(arguments, str):
        arguments = _decoded(arguments)
    return f"{function.get('name')} {canonical_json(arguments)}"


def content_text(content: Any) -> str:
    """Return the text of a message's content, which may be a list of text parts."""
    match content:
        case None:
            return ""
        case str():
            return content
        case list():
            return "\n".join(map(_piece, content))
        case _:
            return canonical_json(content)


def row_parts(row: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the turns of a row of any format, in order; ChatML in `text` is taken apart."""
    if "messages" in row:
        messages = row["messages"]
        return tuple(map(_part, messages if isinstance(messages, list) else [messages]))
    if "prompt" in row or "completion" in row:
        return (
            Part("user", content_text(row.get("prompt"))),
            Part("assistant", content_text(row.get("completion"))),
        )
    return tuple(_chatml_parts(content_text(row.get("text"))))


def row_text(row: Mapping[str, Any]) -> str:
    """Return a row as text: every turn with its role and calls, then the tools.

    Two rows with the same text teach the same, whatever their format, ids and other keys.
    """
    lines = [turns_text(row_parts(row))]
    if row.get("tools"):
        lines.append(f"tools\n{canonical_json(row['tools'])}")
    return "\n\n".join(lines) or canonical_json(row)


def turns_text(parts: Iterable[Part]) -> str:
    """Return turns with their roles and calls as text."""
    return "\n\n".join(
        "\n".join((part.role, part.text.strip(), *part.calls)).strip() for part in parts
    )


def conversation_text(row: Mapping[str, Any]) -> str:
    """Return what is said and called in a row, without roles, system prompt and tools.

    These are the same in many rows and would make different conversations look alike.
    """
    return "\n".join(
        "\n".join((part.text, *part.calls)) for part in row_parts(row) if part.role != "system"
    )


def _part(message: Any) -> Part:
    if not isinstance(message, Mapping):
        return Part("text", content_text(message))
    calls = message.get("tool_calls") or []
    return Part(
        str(message.get("role", "text")),
        content_text(message.get("content")),
        tuple(map(canonical_call, calls if isinstance(calls, list) else [calls])),
    )


def _piece(piece: Any) -> str:
    if isinstance(piece, Mapping) and isinstance(text := piece.get("text"), str):
        return text
    return piece if isinstance(piece, str) else canonical_json(piece)


def _chatml_parts(text: str) -> Iterator[Part]:
    before, *turns = text.split(TURN_START)
    if before.strip():
        yield Part("text", before)
    for turn in turns:
        head, _, body = turn.partition("\n")
        yield Part(head.strip(), body.partition(TURN_END)[0])


def _decoded(arguments: str) -> Any:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    return value if isinstance(value, dict) else arguments
