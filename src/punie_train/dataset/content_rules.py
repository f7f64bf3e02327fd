"""Rules of what a message says."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from punie_train.dataset import rules
from punie_train.dataset.control_tokens import control_token
from punie_train.dataset.json_lines import kind_of
from punie_train.dataset.rules import Fault


def content_faults(message: Mapping[str, Any], where: str) -> Iterator[Fault]:
    """Yield what is wrong with the content of a message; one that calls tools may have none."""
    content = message.get("content")
    if isinstance(thought := message.get("reasoning_content"), str):
        yield from token_faults(thought, f"{where}: the reasoning")
    if content is None or isinstance(content, str):
        text = content or ""
    elif isinstance(content, list):
        texts = [_part_text(part) for part in content]
        if None in texts:
            position = texts.index(None) + 1
            yield Fault(rules.CONTENT_PART, f"{where}: part {position} of the content is no text")
        text = "\n".join(part for part in texts if part is not None)
    else:
        yield Fault(rules.CONTENT_TYPE, f"{where}: the content is a JSON {kind_of(content)}")
        return
    calls = message.get("tool_calls") if message.get("role") == "assistant" else None
    if not text.strip():
        if isinstance(content, str | list) and message.get("role") == "tool":
            yield Fault(rules.EMPTY_RESULT, f"{where}: the result is empty")
        elif not calls:
            yield Fault(rules.EMPTY_CONTENT, f"{where} has no content")
        return
    yield from token_faults(text, where)
    if text[0] == '"' and _holds_encoded(text):
        yield Fault(rules.DOUBLE_ENCODED, f"{where}: the content is JSON inside a JSON string")


def text_faults(value: Any, name: str) -> Iterator[Fault]:
    """Yield what is wrong with a value that must be text with something in it."""
    if not isinstance(value, str):
        yield Fault(rules.NOT_TEXT, f"`{name}` is a JSON {kind_of(value)}")
    elif not value.strip():
        yield Fault(rules.EMPTY_TEXT, f"`{name}` is empty")


def token_faults(text: str, where: str) -> Iterator[Fault]:
    """Yield the first control token of a text."""
    if token := control_token(text):
        yield Fault(rules.CONTROL_TOKEN, f"{where} holds the control token {token}")


def _part_text(part: Any) -> str | None:
    if isinstance(part, Mapping) and part.get("type") == "text":
        text = part.get("text")
        return text if isinstance(text, str) else None
    return None


def _holds_encoded(text: str) -> bool:
    inner = decoded(text)
    return isinstance(inner, str) and isinstance(decoded(inner), dict | list)


def decoded(text: str) -> Any:
    """Return the JSON value that a text holds, or None."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
