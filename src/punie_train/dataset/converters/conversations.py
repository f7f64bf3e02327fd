"""Conversations in the spellings of public datasets: roles, calls and results as one chat."""

from collections.abc import Mapping
from typing import Any

from punie_train.dataset.converters.calls import calls_in, decoded, tools_in, without_nulls
from punie_train.dataset.converters.conversion import UnconvertibleError

_ROLES: Mapping[str, str] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "model": "assistant",
    "tool_call": "assistant",
    "function_call": "assistant",
    "tool": "tool",
    "tool_response": "tool",
    "function": "tool",
    "function_response": "tool",
    "observation": "tool",
}
_DECLARED = "<|im_system|>tool_declare"
"""Start of a system message that only repeats the tools in one model's own markup."""


def conversation_example(messages: Any, tools: Any) -> dict[str, Any]:
    """Return a chat example; raises UnconvertibleError.

    `messages` and `tools` are lists, or such lists as JSON in a string. Calls that follow one
    another become one message, and each result gets the id of the call it answers.
    """
    value = decoded(without_nulls(messages), "messages")
    if not isinstance(value, list) or not value:
        raise UnconvertibleError("messages is no list of messages")
    chat = _Chat()
    for message in value:
        chat.add(message)
    found = tools_in(without_nulls(tools))
    return {"messages": chat.finished(), **({"tools": found} if found else {})}


class _Chat:
    """A conversation as it grows; `_waiting` holds the calls that have no result yet."""

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self._waiting: list[tuple[str, str]] = []
        self._calls = 0

    def add(self, message: Any) -> None:
        if not isinstance(message, Mapping):
            raise UnconvertibleError("a message is no object")
        plain = {
            "role": message.get("role", message.get("from")),
            "content": message.get("content", message.get("value")),
        }
        said = {**message, **plain}
        role = _ROLES.get(str(plain["role"]))
        if role is None:
            raise UnconvertibleError(f"the role {str(plain['role'])[:40]!r} is not known")
        match role:
            case "assistant":
                self._assistant(said)
            case "tool":
                self._result(said)
            case _:
                text = _text(said)
                if role == "system" and (not text.strip() or text.startswith(_DECLARED)):
                    return
                self._nothing_waits()
                self._messages.append({"role": role, "content": text})

    def finished(self) -> list[dict[str, Any]]:
        if not self._messages or self._messages[-1]["role"] != "assistant":
            raise UnconvertibleError("the last message is not the assistant's")
        return self._messages

    def _assistant(self, message: Mapping[str, Any]) -> None:
        if message["role"] == "function_call":
            message = {**message, "role": "tool_call"}
        calls = calls_in(message)
        text = "" if message["role"] == "tool_call" else _text(message)
        last: dict[str, Any] | None = self._messages[-1] if self._messages else None
        joins = (
            last is not None
            and last["role"] == "assistant"
            and not text
            and len(self._waiting) == len(last.get("tool_calls", ()))
        )
        if last is None or not joins:
            self._nothing_waits()
            last = dict[str, Any](role="assistant", content=text)
            self._messages.append(last)
        for name, arguments in calls:
            self._calls += 1
            key = f"call_{self._calls}"
            self._waiting.append((key, name))
            written = {"id": key, "type": "function"}
            function = {"function": {"name": name, "arguments": arguments}}
            last.setdefault("tool_calls", []).append(written | function)

    def _result(self, message: Mapping[str, Any]) -> None:
        if not self._waiting:
            raise UnconvertibleError("a result answers no call")
        named = [pair for pair in self._waiting if pair[1] == message.get("name")]
        pair = named[0] if named else self._waiting[0]
        self._waiting.remove(pair)
        key, name = pair
        result = {"role": "tool", "tool_call_id": key, "name": name, "content": _text(message)}
        self._messages.append(result)

    def _nothing_waits(self) -> None:
        if self._waiting:
            raise UnconvertibleError(f"the call of {self._waiting[0][1][:60]!r} has no result")


def _text(message: Mapping[str, Any]) -> str:
    content = message["content"]
    match content:
        case None:
            return ""
        case str():
            return content
        case list() if all(
            isinstance(part, Mapping) and isinstance(part.get("text"), str) for part in content
        ):
            return "\n".join(part["text"] for part in content)
        case _:
            raise UnconvertibleError("the content of a message is no text")
