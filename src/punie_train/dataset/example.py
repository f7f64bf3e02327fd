"""One training example, as a JSON object with a known shape."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from punie_train.dataset.errors import row_error
from punie_train.dataset.lines import Line


class ExampleFormat(StrEnum):
    """The shapes of rows that the trainer knows, in the order in which it looks for them."""

    COMPLETION = "prompt and completion"
    MESSAGES = "messages"
    TEXT = "text"


KEYS: Mapping[ExampleFormat, tuple[str, ...]] = {
    ExampleFormat.COMPLETION: ("prompt", "completion"),
    ExampleFormat.MESSAGES: ("messages",),
    ExampleFormat.TEXT: ("text",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A row: its shape, its JSON object, its bytes, and where it stands."""

    format: ExampleFormat
    value: Mapping[str, Any]
    raw: bytes
    path: Path
    line: int


def read_example(line: Line) -> Example:
    """Parse one line; raises DatasetError with file and line for what no trainer can use."""
    try:
        value = json.loads(line.raw)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise row_error(
            line.path,
            line.number,
            f"not JSON ({error})",
            "the trainer cannot read the file",
            "Write one complete JSON object per line, in UTF-8.",
        ) from error
    if not isinstance(value, dict):
        raise row_error(
            line.path,
            line.number,
            f"a JSON {type(value).__name__} instead of an object",
            "the row holds no example",
            'Write {"messages": [...]} or {"prompt": ..., "completion": ...} or {"text": ...}.',
        )
    for known, keys in KEYS.items():
        if all(key in value for key in keys):
            return Example(
                format=known, value=value, raw=line.raw, path=line.path, line=line.number
            )
    raise row_error(
        line.path,
        line.number,
        f"keys {', '.join(sorted(value)) or 'missing'}",
        "the row is neither a conversation nor a text",
        "Give it `messages` (with `tools` if it calls any), `prompt` and `completion`, or `text`.",
    )
