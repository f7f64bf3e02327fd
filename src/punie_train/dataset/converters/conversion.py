"""What a converter answers, and the small steps that all of them share."""

from collections.abc import Callable, Mapping
from typing import Any

Converter = Callable[[Mapping[str, Any]], dict[str, Any]]
"""Takes a row as the hub delivers it, returns a chat example, raises UnconvertibleError."""


class UnconvertibleError(ValueError):
    """A row that is no chat example; the text says in words why."""


def text_of(row: Mapping[str, Any], *names: str) -> str:
    """Return the first of the columns that holds text; raises UnconvertibleError."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value
    raise UnconvertibleError(f"no text in {' or '.join(names)}")


def exchange(question: str, answer: str) -> dict[str, Any]:
    """Return an example of one question and one answer."""
    return {
        "messages": [
            {"role": "user", "content": question.strip()},
            {"role": "assistant", "content": answer.strip("\n")},
        ]
    }


def fenced(code: str) -> str:
    """Return Python in a code fence that is longer than any fence in it."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code.strip(chr(10))}\n{fence}"
