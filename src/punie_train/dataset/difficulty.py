"""How hard a row is: by the number of its turns, or of its calls."""

from collections.abc import Mapping
from typing import Any


def turns(row: Mapping[str, Any]) -> int:
    """Return the number of messages of a row; a row without messages has one turn."""
    return len(row.get("messages") or ((),))


def calls(row: Mapping[str, Any]) -> int:
    """Return the number of calls that the assistant makes in a row."""
    return sum(len(message.get("tool_calls") or ()) for message in row.get("messages") or ())
