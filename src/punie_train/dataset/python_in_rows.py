"""The Python in a row: fenced blocks, code in calls, and texts that are code."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.toolcalls.parse import parse

CODE_TOOL, WRITE_TOOL = "execute_code", "write_file"
PYTHON_FENCES = frozenset(
    ("python", "python2", "python3", "py", "py2", "py3", "pycon", "python-repl", "ipython")
)
_FENCE = re.compile(r"[ \t]*+(?:>[ \t]*+)*(`{3,}|~{3,})[ \t]*+([^\s`{]*+)[^`\n]*+\Z")
_CODE_START = re.compile(
    r"(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|import[ \t]+\w+"
    r"|from[ \t]+[\w.]+[ \t]+import\b|@\w[\w.]*(?:\(|\s*\Z)|#!.{0,40}python|#.{0,20}coding[:=]"
    r"|if[ \t]+__name__"
)
_CALL_MARKS = (CODE_TOOL, WRITE_TOOL, "<tool_call>")
_FIELDS = ("text", "prompt", "completion")


@dataclass(frozen=True, slots=True)
class PythonText:
    """A piece of Python; `stated` says that the row itself calls it Python."""

    code: str
    stated: bool = True


def python_in(row: Mapping[str, Any]) -> Iterator[PythonText]:
    """Yield the Python of a row of any format and all of its messages; wrong types hold none."""
    for name in _FIELDS:
        yield from python_in_text(row.get(name))
    messages = row.get("messages")
    for message in messages if isinstance(messages, list) else ():
        if isinstance(message, Mapping):
            yield from _in_message(message)


def _in_message(message: Mapping[str, Any]) -> Iterator[PythonText]:
    content = message.get("content")
    for part in content if isinstance(content, list) else (content,):
        yield from python_in_text(part.get("text") if isinstance(part, Mapping) else part)
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function", call) if isinstance(call, Mapping) else None
        if isinstance(function, Mapping):
            yield from _in_call(function.get("name"), _arguments(function.get("arguments")))


def _arguments(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value


def _in_call(name: Any, arguments: Any) -> Iterator[PythonText]:
    if not isinstance(arguments, Mapping):
        return
    if name == CODE_TOOL:
        code = arguments.get("code")
    elif name == WRITE_TOOL and str(arguments.get("path")).endswith(".py"):
        code = arguments.get("content")
    else:
        return
    if isinstance(code, str):
        yield PythonText(code)


def python_in_text(text: Any) -> Iterator[PythonText]:
    """Yield the Python of one text: its calls, else its fenced blocks, else all of it as code."""
    if not isinstance(text, str):
        return
    if any(mark in text for mark in _CALL_MARKS):
        for parsed in parse(text, AGENT_TOOLS).calls:
            yield from _in_call(parsed.call.name, parsed.call.arguments)
    if "```" in text or "~~~" in text:
        yield from _fenced(text)
    elif _CODE_START.match(_first_line(text)):
        yield PythonText(dedent(text))


def _first_line(text: str) -> str:
    """Return the first line with something in it."""
    start = len(text) - len(text.lstrip())
    return text[start : start + 200].split("\n", 1)[0]


def _fenced(text: str) -> Iterator[PythonText]:
    opened: tuple[str, str] | None = None
    block: list[str] = []
    for line in text.split("\n"):
        mark = _FENCE.match(line.rstrip("\r"))
        if opened is None:
            if mark:
                opened, block = (mark[1], mark[2].lower()), []
        elif mark and mark[1].startswith(opened[0]) and (not mark[2] or mark[2][:2] == "<|"):
            yield from _block(opened[1], block)
            opened = None
        else:
            block.append(line)
    if opened:
        yield from _block(opened[1], block)


def _block(language: str, lines: list[str]) -> Iterator[PythonText]:
    code = dedent(_without_prompts("\n".join(lines)))
    if language in PYTHON_FENCES:
        yield PythonText(code)
    elif not language and any(_CODE_START.match(line.strip()) for line in lines):
        yield PythonText(code, stated=False)


def _without_prompts(code: str) -> str:
    """Return what was typed in a session with `>>>`, or the code itself if it is none."""
    lines = dedent(code).split("\n")
    if not any(line.startswith(">>>") for line in lines):
        return code
    return "\n".join(line[4:] for line in lines if line.startswith((">>> ", "... ")))
