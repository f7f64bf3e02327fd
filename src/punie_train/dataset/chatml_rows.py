"""ChatML in `text` rows to `messages` and back, without a lost byte.

The turns of a text are joined by one line feed and nothing follows the last. Where a text has
other white space after its turns, the key `chatml_space` keeps it for the way back.
"""

import re
from collections.abc import Mapping
from typing import Any

from punie_train.dataset.chatml import END, START
from punie_train.dataset.conversions import NotConvertedError, with_value
from punie_train.dataset.json_lines import kind_of
from punie_train.dataset.turn_rules import ROLES

SPACE = "chatml_space"
_TURN = re.compile(r"<\|im_start\|>([^\n<]*)\n(.*?)<\|im_end\|>(\s*)", re.DOTALL)


def exact_turns(text: str) -> list[re.Match[str]]:
    """Return the turns of a text: role, content and the white space after it are groups 1 to 3.

    Raises NotConvertedError where anything else stands between turns.
    """
    if START not in text:
        raise NotConvertedError("the text has no ChatML turns")
    turns: list[re.Match[str]] = []
    at = 0
    while at < len(text):
        turn = _TURN.match(text, at)
        if turn is None or START in turn[2]:
            raise NotConvertedError(f"no whole ChatML turn at character {at}")
        if turn[1] not in ROLES:
            raise NotConvertedError(f"turn {len(turns) + 1} has the role {turn[1][:40]!r}")
        turns.append(turn)
        at = turn.end()
    return turns


def to_messages(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row with `messages`; calls that are written in a text stay text."""
    match row:
        case {"messages": messages}:
            _only(row, "messages")
            if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
                raise NotConvertedError("`messages` is no list of objects")
            return row
        case {"prompt": str(prompt), "completion": str(completion)}:
            _only(row, "prompt")
            messages = [_message("user", prompt), _message("assistant", completion)]
            rest = {key: value for key, value in row.items() if key != "completion"}
            return with_value(rest, "prompt", messages, name="messages")
        case {"text": str(text)}:
            _only(row, "text")
            turns = exact_turns(text)
            if SPACE in row:
                raise NotConvertedError(f"the row has a key {SPACE} of its own")
            new = with_value(row, "text", [_message(t[1], t[2]) for t in turns], name="messages")
            space = [turn[3] for turn in turns]
            return new if space == _usual_space(len(turns)) else {**new, SPACE: space}
    raise NotConvertedError(f"the row has the keys {', '.join(sorted(row))[:80]}")


def to_text(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the row with a ChatML `text`.

    Calls, results and tools in keys of their own have no place in a text: only a model's chat
    template knows how to write them.
    """
    match row:
        case {"text": text}:
            _only(row, "text")
            if not isinstance(text, str):
                raise NotConvertedError(f"`text` is a JSON {kind_of(text)}")
            return row
    row = to_messages(row)
    if row.get("tools"):
        raise NotConvertedError("the row has tools, which a text cannot hold")
    messages = row["messages"]
    space = row.get(SPACE, _usual_space(len(messages)))
    if not _is_space(space, len(messages)):
        raise NotConvertedError(f"{SPACE} is not the white space after each message")
    text = "".join(
        _turn(number, message) + after
        for number, (message, after) in enumerate(zip(messages, space, strict=True), start=1)
    )
    kept = {key: value for key, value in row.items() if key != SPACE}
    new = with_value(kept, "messages", text, name="text")
    if [(turn[1], turn[2]) for turn in exact_turns(text)] != [
        (message["role"], message["content"]) for message in messages
    ]:
        raise NotConvertedError("the text would be read as other turns")
    return new


def _only(row: Mapping[str, Any], key: str) -> None:
    if others := [
        one
        for one in ("messages", "prompt", "completion", "text")
        if one in row and one != key and (key, one) != ("prompt", "completion")
    ]:
        raise NotConvertedError(f"the row holds both {key} and {others[0]}")


def _turn(number: int, message: Mapping[str, Any]) -> str:
    role, content = message.get("role"), message.get("content")
    if calls := message.get("tool_calls"):
        what = f"{len(calls)} tool call{'s' * (len(calls) != 1)}"
        raise NotConvertedError(f"message {number} has {what} outside of its text")
    if others := sorted(message.keys() - {"role", "content"}):
        raise NotConvertedError(f"message {number} has the key {others[0]!r}")
    if not isinstance(content, str):
        raise NotConvertedError(f"the content of message {number} is a JSON {kind_of(content)}")
    if mark := next((mark for mark in (START, END) if mark in content), None):
        raise NotConvertedError(f"message {number} holds {mark}")
    return f"{START}{role}\n{content}{END}"


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _usual_space(turns: int) -> list[str]:
    return ["\n"] * (turns - 1) + [""] * (turns > 0)


def _is_space(value: Any, turns: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == turns
        and all(isinstance(one, str) and not one.strip() for one in value)
    )
