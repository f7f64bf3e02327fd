"""The Python in a row: in its messages or texts, and in the arguments of its calls."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.dataset.python_in_text import (
    PythonText,
    python_in_code,
    python_in_request,
    python_in_text,
)
from punie_train.toolcalls.parse import parse

CODE_TOOL, WRITE_TOOL = "execute_code", "write_file"
_CALL_MARKS = (CODE_TOOL, WRITE_TOOL, "<tool_call>")
_TURN = re.compile(r"<\|im_start\|>([^\n<]*+)\n?|<\|im_end\|>")
_ASKING = ("user", "system")
"""Roles that speak in words: an unfenced line of theirs is a request before it is a program."""


def python_in(row: Mapping[str, Any]) -> Iterator[PythonText]:
    """Yield the Python of a row of any format and of all its messages; wrong types hold none."""
    prompt, completion = row.get("prompt"), row.get("completion")
    sources = (row.get("text"), ""), (prompt, "user"), (completion, ""), (row.get("messages"), "")
    for value, role in sources:
        for message in value if isinstance(value, list) else ():
            if isinstance(message, Mapping):
                yield from _in_message(message)
        yield from _in_content(value, role)
    if isinstance(prompt, str) and isinstance(completion, str):
        both = prompt + completion
        if "```" not in both:
            yield from python_in_code(both)


def _in_message(message: Mapping[str, Any]) -> Iterator[PythonText]:
    content, role = message.get("content"), message.get("role")
    for part in content if isinstance(content, list) else (content,):
        yield from _in_content(part.get("text") if isinstance(part, Mapping) else part, role)
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function", call) if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            yield from _in_call(function.get("name"), _arguments(function.get("arguments")))


def _in_content(text: Any, role: Any) -> Iterator[PythonText]:
    """Yield the Python of a text and of each turn if it is ChatML, calls in it first."""
    if not isinstance(text, str):
        return
    for turn, speaker in _turns(text, role):
        if any(mark in turn for mark in _CALL_MARKS) and (found := _in_reply(turn)):
            yield from found
        yield from python_in_request(turn) if speaker in _ASKING else python_in_text(turn)


def _turns(text: str, role: Any) -> Iterator[tuple[str, Any]]:
    """Yield each piece of a text and who says it; a text without marks is one piece."""
    pieces = _TURN.split(text) if "<|im_" in text else [text]
    yield pieces[0], role
    for speaker, turn in zip(pieces[1::2], pieces[2::2], strict=True):
        yield turn, speaker.strip() if speaker else role


def _in_reply(text: str) -> list[PythonText]:
    calls = [each.call for each in parse(text, AGENT_TOOLS).calls]
    return [found for call in calls for found in _in_call(call.name, call.arguments)]


def _arguments(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def _in_call(name: Any, arguments: Any) -> Iterator[PythonText]:
    """Yield the code to run, the `.py` file written, and of other tools what looks like code."""
    if not isinstance(arguments, Mapping):
        return
    for key, value in arguments.items():
        if not isinstance(value, str):
            continue
        if (name, key) == (CODE_TOOL, "code"):
            yield PythonText(value)
        elif (name, key) == (WRITE_TOOL, "content"):
            if str(arguments.get("path")).endswith((".py", ".pyi")):
                yield PythonText(value)
        else:
            yield from python_in_code(value)
