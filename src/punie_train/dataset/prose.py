"""What a row says in a natural language: code, calls, tool output and names left out."""

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.row_text import row_parts

SPOKEN = ("user", "assistant", "text")

FENCED = re.compile(
    r"^[ \t]*(?P<fence>```+|~~~+).*?(?:(?P=fence)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL
)
TAGGED = re.compile(
    r"<(?P<tag>tool_call|tool_response|function|parameter)\b.*?(?:</(?P=tag)>|\Z)", re.DOTALL
)
CONTROL = re.compile(r"<\|\w{1,30}\|>")
INLINE = re.compile(r"`[^`\n]+`|\bhttps?://\S+")
NAME = re.compile(r"[/\\_=(){}\[\]<>@\d]|\A--?\w|\w\.\w{1,5}[,;:!?'\").]*\Z|\w\.\w+\.\w", re.ASCII)
CODE_LINE = re.compile(
    r"(?:async\s+)?def\s.*|class\s+\w+.*:|import\s+[\w., ]+|from\s+[\w.]+\s+import\b.*|"
    r"(?:if|elif|for|while|with|except|match|case)\b.*:|(?:try|else|finally):|@\w[\w.]*(?:\(.*\))?|"
    r"return\b.*|raise\s+\w+.*|(?:>>>|\.\.\.|\$)\s.*|#!.*|#include.*|"
    r"(?:var|const|let|function|public|private|static|void|int)\s.*[;{]|"
    r"[\w.\[\]'\"]+\s*(?::\s*[\w\[\], .|]+)?\s*[-+*/|&]?=\s.*|[\w.]+\(.*\)?[;:,]?|"
    r"[\])}{(\[,;'\"]+|[\x00-\x7f]*[{;\\]|[-+]{3}\s.*|@@.*"
)
LONGEST_LINE = 300
"""Characters of a line that can be code; a longer one is a paragraph, or noise."""
LENGTH = 20_000
"""Characters of a turn that are looked at."""

CODE_SIGN = re.compile(r"[=(\[:]")


def prose(row: Mapping[str, Any]) -> str:
    """Return what user and assistant say, one turn a line, without code, calls and names."""
    spoken = (prose_of(part.text) for part in row_parts(row) if part.role in SPOKEN)
    return "\n".join(text for text in spoken if text)


def without_code(text: str) -> str:
    """Return a text without fenced code, calls, tool responses and control tokens."""
    for pattern in (FENCED, TAGGED, CONTROL):
        text = pattern.sub(" ", text)
    return text


def prose_of(text: str) -> str:
    """Return the words of one text that are neither code nor data nor names of files and things."""
    if _is_json(text):
        return ""
    text = without_code(text[:LENGTH])
    if _is_python(text):
        return ""
    lines = (line.strip() for line in text.split("\n"))
    spoken = (INLINE.sub(" ", line) for line in lines if not _is_code(line))
    return " ".join(word for line in spoken for word in line.split() if not NAME.search(word))


def _is_code(line: str) -> bool:
    return len(line) <= LONGEST_LINE and CODE_LINE.fullmatch(line) is not None


def _is_json(text: str) -> bool:
    text = text.strip()
    if not text.startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_python(text: str) -> bool:
    if not CODE_SIGN.search(text):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
