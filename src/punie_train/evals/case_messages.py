"""Read the conversation of a case."""

from typing import get_args

from punie_train.core.messages import Message, Role, ToolCall
from punie_train.evals.case import AnyOf
from punie_train.evals.case_tools import Tools, known_tool, read_call
from punie_train.evals.yaml_values import YamlValue, suggestion


def read_messages(value: YamlValue, tools: Tools) -> tuple[Message, ...]:
    """Return the messages, which must end where it is the model's turn."""
    entries = value.sequence()
    if not entries:
        raise value.error(f"{value.what} is an empty list", "Add a message of the user.")
    messages = tuple(_read_message(entry, tools) for entry in entries)
    if messages[-1].role not in ("user", "tool"):
        raise entries[-1].error(
            f"the last message is by {messages[-1].role}", "End with a user or tool message."
        )
    return messages


def _read_message(value: YamlValue, tools: Tools) -> Message:
    keys = value.keys_from(("role", "content", "tool_calls", "name"), required=("role",))
    role = keys["role"].text()
    match role:
        case "system" | "user" | "assistant" | "tool":
            pass
        case _:
            raise keys["role"].error(f"unknown role {role!r}", suggestion(role, get_args(Role)))
    if "tool_calls" in keys and role != "assistant":
        raise keys["tool_calls"].error(
            f"a message by {role} has tool calls", "Only the assistant calls tools."
        )
    if role == "tool":
        if "name" not in keys:
            raise value.error(f"{value.what} does not name its tool", "Add 'name: read_file'.")
        known_tool(keys["name"], keys["name"].text(), tools)
    calls = keys["tool_calls"].sequence() if "tool_calls" in keys else []
    content = keys["content"].text() if "content" in keys else ""
    if not calls and role != "tool" and not content.strip():
        raise value.error(f"{value.what} says nothing", "Add content.")
    return Message(
        role=role,
        content=content,
        tool_calls=tuple(_read_tool_call(call, tools) for call in calls),
        name=keys["name"].text() if "name" in keys else None,
    )


def _read_tool_call(value: YamlValue, tools: Tools) -> ToolCall:
    call = read_call(value, tools)
    if any(isinstance(argument, AnyOf) for argument in call.arguments.values()):
        raise value.error(f"{value.what} has alternatives", "History holds what was called.")
    return ToolCall(name=call.name, arguments=call.arguments)
