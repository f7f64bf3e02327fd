"""`punie-train parse`: what a reply holds."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from punie_train.cli.console import answers, say_data, say_warning
from punie_train.cli.jsonl_rows import Row, read_rows
from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.tool_specs import ToolSpec
from punie_train.reporting.safe_text import one_line
from punie_train.toolcalls.openai_tools import UnreadableToolsError, tools_from_openai
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import ParsedCall, ParsedReply, WireFormat

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train parse reply.txt --tools tools.json[/cyan]

[cyan]pbpaste | punie-train parse --json[/cyan]

Many replies, one object a line with id, text and tools:
[cyan]punie-train parse --jsonl replies.jsonl > calls.jsonl[/cyan]
"""


def parse_reply(
    file: Annotated[
        Path | None,
        typer.Argument(help="File with one reply; default: standard input.", show_default=False),
    ] = None,
    *,
    tools: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with the tools in OpenAI's form; default: the agent's, or those of "
            "each row.",
            show_default=False,
        ),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help="Read many replies: id, text and tools a line.", show_default=False),
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read the tool calls in a reply: which, in which format, and what cannot be read."""
    offered = _tools_of(tools) if tools else None
    if jsonl is not None:
        if file is not None:
            raise UsageError(
                "both FILE and --jsonl are given", "it is not clear what to read", "Give one."
            )
        for row in read_rows(jsonl, doing="reading"):
            say_data(_row(row, offered))
        return
    text = _text_of(file)
    reply = parse(text, AGENT_TOOLS if offered is None else offered)
    if json_output:
        say_data(_as_json(reply))
        return
    for line in _as_words(reply):
        answers().print(line, markup=False, emoji=False)
    if untyped := [item.call.name for item in reply.calls if not item.known and _is_xml(item)]:
        say_warning(
            f"{one_line(untyped[0])}: its values are text, for the format has no types and the "
            "tool is not offered. Give its schema with --tools [F17]"
        )


def _row(row: Row, offered: Sequence[ToolSpec] | None) -> dict[str, Any]:
    text = row.value.get("text")
    if not isinstance(text, str):
        raise row.error("'text' is not a string", "Write id, text and tools")
    tools = offered
    if row.value.get("tools") is not None or tools is None:
        try:
            tools = tools_from_openai(row.value.get("tools"))
        except UnreadableToolsError as error:
            raise row.error(str(error), "Write the tools in OpenAI's form, or null") from None
    return {"id": row.id, **_as_json(parse(text, tools))}


def _is_xml(item: ParsedCall) -> bool:
    return item.format is WireFormat.QWEN3_CODER_XML and bool(item.call.arguments)


def _as_json(reply: ParsedReply) -> dict[str, Any]:
    return {
        "calls": [
            {"name": item.call.name, "arguments": dict(item.call.arguments)} for item in reply.calls
        ],
        "malformed": [
            {"reason": item.reason, "position": item.position, "text": item.text}
            for item in reply.malformed
        ],
        "content": reply.content,
        "format": _format(reply),
        "details": [
            {"format": item.format, "strict": item.strict, "known": item.known}
            for item in reply.calls
        ],
    }


def _format(reply: ParsedReply) -> str:
    formats = {item.format for item in reply.calls}
    if len(formats) > 1:
        return "mixed"
    return next(iter(formats), WireFormat.NONE)


def _as_words(reply: ParsedReply) -> list[str]:
    lines = [f"format: {_format(reply)}"]
    for item in reply.calls:
        remarks = [str(item.format), "strict" if item.strict else "not strict"]
        if not item.known:
            remarks.append("a tool that is not offered")
        arguments = ", ".join(
            f"{one_line(key)}={json.dumps(value)}" for key, value in item.call.arguments.items()
        )
        lines.append(f"call: {one_line(item.call.name)}({arguments})  [{', '.join(remarks)}]")
    lines += [
        f"malformed: {one_line(item.reason)} (character {item.position})"
        for item in reply.malformed
    ]
    if not reply.calls and not reply.malformed:
        lines.append("no call")
    if reply.content.strip():
        lines += ["text:", *(f"  {one_line(line)}" for line in reply.content.split("\n"))]
    return lines


def _text_of(path: Path | None) -> str:
    if path is None or str(path) == "-":
        return sys.stdin.buffer.read().decode(errors="replace")
    return _read(path, "there is no reply to read").decode(errors="replace")


def _tools_of(path: Path) -> tuple[ToolSpec, ...]:
    try:
        return tools_from_openai(json.loads(_read(path, "the types of arguments are unknown")))
    except (ValueError, RecursionError) as error:
        raise ArtifactError(
            f"{path} holds no tools ({error})",
            "the types of arguments are unknown",
            "Write a JSON list of tools in OpenAI's form.",
        ) from None


def _read(path: Path, consequence: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(
            f"{path} cannot be read ({error.strerror})", consequence, "Give a readable file."
        ) from error
