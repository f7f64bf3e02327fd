"""Rules that an example must meet so that a chat template and the trainer can use it."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from punie_train.core.messages import Role
from punie_train.dataset.errors import DatasetError, row_error
from punie_train.dataset.example import Example, ExampleFormat

ROLES = get_args(Role)


def check_structure(example: Example) -> None:
    """Raise DatasetError, with file and line, for the first rule that the example breaks."""
    match example.format:
        case ExampleFormat.TEXT:
            _check_strings(example, "text")
        case ExampleFormat.COMPLETION:
            _check_strings(example, "prompt", "completion")
            _check_tools(example)
        case ExampleFormat.MESSAGES:
            _check_messages(example)
            _check_tools(example)


def _check_strings(example: Example, *keys: str) -> None:
    for key in keys:
        value = example.value[key]
        if not isinstance(value, str) or not value:
            raise _broken(example, f"`{key}` is {_kind(value)}", "Write a non-empty string.")


def _check_tools(example: Example) -> None:
    tools = example.value.get("tools")
    if tools is not None and not (
        isinstance(tools, list) and all(isinstance(tool, dict) for tool in tools)
    ):
        raise _broken(
            example, f"`tools` is {_kind(tools)}", "Write a list of tools in OpenAI's form."
        )


def _check_messages(example: Example) -> None:
    messages = example.value["messages"]
    if not isinstance(messages, list) or not messages:
        raise _broken(example, f"`messages` is {_kind(messages)}", "Write a list of messages.")
    for position, message in enumerate(messages, start=1):
        _check_message(example, position, message)
    if not any(message["role"] == "assistant" for message in messages):
        raise _broken(
            example,
            "no message of the assistant",
            "Add the reply that the model is to learn, or remove the row.",
        )


def _check_message(example: Example, position: int, message: object) -> None:
    where = f"message {position}"
    if not isinstance(message, dict):
        raise _broken(example, f"{where} is {_kind(message)}", "Write an object with a role.")
    role = message.get("role")
    if role not in ROLES:
        raise _broken(example, f"{where} has the role {role!r}", f"Use one of {', '.join(ROLES)}.")
    calls = message.get("tool_calls")
    if calls is not None and not isinstance(calls, list):
        raise _broken(example, f"{where}: `tool_calls` is {_kind(calls)}", "Write a list of calls.")
    content = message.get("content")
    if content is None and not calls:
        raise _broken(example, f"{where} has neither content nor calls", "Write one of them.")
    if content is not None and not isinstance(content, str | list):
        raise _broken(example, f"{where}: `content` is {_kind(content)}", "Write a string.")
    for call in calls or ():
        _check_call(example, where, call)


def _check_call(example: Example, where: str, call: object) -> None:
    function = call.get("function", call) if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("name"), str):
        raise _broken(
            example,
            f"{where} has a call without a name",
            'Write {"type": "function", "function": {"name": ..., "arguments": {...}}}.',
        )
    arguments = function.get("arguments", {})
    if isinstance(arguments, str):
        raise row_error(
            example.path,
            example.line,
            f"{where}: the arguments of {function['name']!r} are a JSON string",
            "chat templates crash on it or encode it twice, and the model learns the wrong format",
            'Write them as an object: "arguments": {"path": "a.py"}.',
            failure="F39",
        )
    if not isinstance(arguments, Mapping):
        raise _broken(
            example,
            f"{where}: the arguments of {function['name']!r} are {_kind(arguments)}",
            "Write an object.",
        )


def check_same_format(examples: list[Example]) -> ExampleFormat:
    """Return the one format of non-empty `examples`; raise DatasetError where it changes."""
    first = examples[0]
    for example in _others(examples, first.format):
        raise row_error(
            example.path,
            example.line,
            f"a row with {example.format} after rows with {first.format}",
            f"the trainer reads every row as the first one ({first.path.name}:{first.line})",
            "Bring all rows of all splits into one format.",
            failure="F34",
        )
    return first.format


def _others(examples: list[Example], known: ExampleFormat) -> Iterator[Example]:
    return (example for example in examples if example.format is not known)


def _broken(example: Example, fact: str, remedy: str) -> DatasetError:
    return row_error(example.path, example.line, fact, "the trainer cannot use the row", remedy)


def _kind(value: Any) -> str:
    match value:
        case None:
            return "missing"
        case "" | [] | {}:
            return "empty"
        case _:
            return f"a JSON {type(value).__name__}"
