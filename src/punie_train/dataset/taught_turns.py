"""What a row teaches: the conversation that is given, and the answer that is learnt."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.messages import Message, ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.dataset.errors import row_error
from punie_train.dataset.example import Example, ExampleFormat
from punie_train.toolcalls.openai_tools import UnreadableToolsError, tools_from_openai


@dataclass(frozen=True, slots=True, kw_only=True)
class TaughtTurn:
    """The last assistant turn of a row: what comes before it, its text and its calls."""

    given: tuple[Message, ...]
    tools: tuple[ToolSpec, ...]
    text: str
    calls: tuple[ToolCall, ...]
    path: Path
    line: int


def taught_turn(example: Example) -> TaughtTurn | None:
    """Return what a checked example teaches; None for `text` rows, which name no turns.

    Raises DatasetError, with file and line, where the tools are no tools.
    """
    value = example.value
    try:
        tools = tools_from_openai(value.get("tools"))
    except UnreadableToolsError as error:
        raise row_error(
            example.path,
            example.line,
            str(error),
            "the model cannot be asked as it was taught",
            "Write the tools in OpenAI's form.",
        ) from None
    match example.format:
        case ExampleFormat.TEXT:
            return None
        case ExampleFormat.COMPLETION:
            given = (Message(role="user", content=value["prompt"]),)
            text, calls = value["completion"], ()
        case ExampleFormat.MESSAGES:
            rows = value["messages"]
            last = max(index for index, row in enumerate(rows) if row["role"] == "assistant")
            given = tuple(map(_message, rows[:last]))
            text, calls = _text(rows[last]), _calls(rows[last])
    return TaughtTurn(
        given=given, tools=tools, text=text, calls=calls, path=example.path, line=example.line
    )


def _message(row: Mapping[str, Any]) -> Message:
    return Message(
        role=row["role"], content=_text(row), tool_calls=_calls(row), name=row.get("name")
    )


def _text(row: Mapping[str, Any]) -> str:
    content = row.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content if isinstance(part, Mapping))


def _calls(row: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    functions = [call.get("function", call) for call in row.get("tool_calls") or ()]
    return tuple(
        ToolCall(name=one["name"], arguments=dict(one.get("arguments", {}))) for one in functions
    )
