"""All rules of one row, whatever its format."""

from collections.abc import Iterator, Mapping
from typing import Any

from punie_train.dataset import rules
from punie_train.dataset.call_rules import call_faults, calls_of, tools_faults
from punie_train.dataset.chatml import START, ChatMLError, chatml_turns
from punie_train.dataset.content_rules import content_faults, decoded, text_faults, token_faults
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.json_lines import UnreadableLineError, kind_of
from punie_train.dataset.result_rules import result_faults
from punie_train.dataset.rows import Row
from punie_train.dataset.rules import Fault
from punie_train.dataset.tool_sets import tool_set_of
from punie_train.dataset.turn_rules import ROLES, turn_faults
from punie_train.dataset.unique_keys import keys_surely_unique, repeated_key


def row_format(value: Mapping[str, Any]) -> ExampleFormat | None:
    """Return how the row would be read by somebody who looks at it; None if in no way."""
    if "messages" in value:
        return ExampleFormat.MESSAGES
    if "prompt" in value and "completion" in value:
        return ExampleFormat.COMPLETION
    return ExampleFormat.TEXT if "text" in value else None


def row_faults(row: Row) -> Iterator[Fault]:
    """Yield every rule that a row breaks; never raises for what stands in a row."""
    try:
        value = row.value
    except UnreadableLineError as error:
        yield Fault(rules.UNREADABLE[error.kind], error.fact)
        return
    if not keys_surely_unique(row.raw, value) and (key := repeated_key(row.raw)) is not None:
        yield Fault(rules.DUPLICATE_KEY, f"the key {key[:60]!r} stands twice in one object")
    formats = [name for name in ("messages", "text") if name in value]
    if pair := [name for name in ("prompt", "completion") if name in value]:
        formats.append("/".join(pair))
    if len(formats) > 1:
        yield Fault(rules.MIXED_KEYS, f"one row holds {' and '.join(formats)}")
    match row_format(value):
        case ExampleFormat.MESSAGES:
            yield from _messages_faults(value)
        case ExampleFormat.COMPLETION:
            for name in ("prompt", "completion"):
                yield from text_faults(value[name], name)
                if isinstance(value[name], str):
                    yield from token_faults(value[name], f"`{name}`")
            yield from tools_faults(tool_set_of(value.get("tools")))
        case ExampleFormat.TEXT:
            yield from _text_row_faults(value["text"])
        case _:
            keys = ", ".join(sorted(value))[:80]
            yield Fault(rules.UNKNOWN_FORMAT, f"the row has the keys {keys}" if keys else "{}")


def _messages_faults(value: Mapping[str, Any]) -> Iterator[Fault]:
    messages = value["messages"]
    tools = tool_set_of(value.get("tools"))
    yield from tools_faults(tools)
    if isinstance(messages, str) and isinstance(decoded(messages), list):
        yield Fault(rules.DOUBLE_ENCODED, "`messages` is a list inside a JSON string")
        return
    if not isinstance(messages, list):
        yield Fault(rules.MESSAGES_NOT_LIST, f"`messages` is a JSON {kind_of(messages)}")
        return
    if not messages:
        yield Fault(rules.NO_MESSAGES, "`messages` is empty")
        return
    known = True
    for position, message in enumerate(messages, start=1):
        where = f"message {position}"
        if not isinstance(message, dict):
            yield Fault(rules.MESSAGE_NOT_OBJECT, f"{where} is a JSON {kind_of(message)}")
            known = False
            continue
        role = message.get("role")
        if not isinstance(role, str) or role not in ROLES:
            yield Fault(rules.UNKNOWN_ROLE, f"{where} has the role {str(role)[:40]!r}")
            known = False
        yield from content_faults(message, where)
        yield from call_faults(message, where, tools)
    if not known:
        return
    if not tools.value and any(calls_of(message) for message in messages):
        yield Fault(rules.CALL_WITHOUT_TOOLS, "tools are called, but the row has no `tools`")
    yield from turn_faults([message["role"] for message in messages])
    yield from result_faults(messages)


def _text_row_faults(text: Any) -> Iterator[Fault]:
    yield from text_faults(text, "text")
    if not isinstance(text, str) or START not in text:
        return
    try:
        turns = chatml_turns(text)
    except ChatMLError as error:
        yield Fault(rules.CHATML, str(error))
        return
    if odd := [turn.role for turn in turns if turn.role not in ROLES]:
        yield Fault(rules.UNKNOWN_ROLE, f"a turn has the role {odd[0][:40]!r}")
        return
    for position, turn in enumerate(turns, start=1):
        if not turn.content.strip():
            yield Fault(rules.EMPTY_CONTENT, f"message {position} has no content")
        yield from token_faults(turn.content, f"message {position}")
    yield from turn_faults([turn.role for turn in turns])
