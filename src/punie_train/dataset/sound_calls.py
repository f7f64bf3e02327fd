"""The quick answer for the calls of a row and their results."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType

from punie_train.dataset.plain_rows import Assistant, PlainMessage, Tool
from punie_train.dataset.simple_schemas import MISFIT
from punie_train.dataset.tool_sets import ToolSet

_Waiting = dict[str | int, str]
"""Calls without a result: their names by id, or by number where there is none."""


def calls_colons(
    messages: Sequence[PlainMessage], tools: ToolSet, contents: list[str], others: list[str]
) -> int:
    """Return how many colons the keys of messages need whose calls and results fit, or 0.

    Collects the contents that must say something, and all other texts in which colons may stand.
    """
    colons = 2 * len(messages)
    waiting: _Waiting = {}
    used: set[str | int] = set()
    for message in messages:
        content = message.content
        if type(message) is Tool:
            name, key = message.name, message.tool_call_id
            if key is UNSET:
                key = next((one for one, of in waiting.items() if name in (UNSET, of)), -1)
            else:
                colons += 1
                others.append(key)
            wanted = waiting.pop(key, None)
            if name == wanted:
                colons += 1
            elif wanted is None or name is not UNSET:
                return 0
        elif waiting:
            return 0
        elif type(message) is Assistant and message.tool_calls is not UNSET:
            colons += _calls(message, tools, waiting, used, others)
        if content:
            contents.append(content)
        elif not waiting:
            return 0
    return max(colons, 0)


def _calls(
    message: Assistant, tools: ToolSet, waiting: _Waiting, used: set[str | int], others: list[str]
) -> int:
    """Take calls; return the colons of their keys, far below 0 unless they surely fit."""
    colons = 0 if message.content is UNSET else 1
    for call in message.tool_calls or ():
        function = call.function
        name, arguments = function.name, function.arguments
        schema = tools.plain.get(name)
        if schema is None:
            return MISFIT
        colons += schema.colons(arguments, others) + (3 if call.type is UNSET else 4)
        key: str | int | UnsetType = call.id
        if key is UNSET:
            key = len(used)
        else:
            colons += 1
            others.append(key)
        if key in used:
            return MISFIT
        used.add(key)
        waiting[key] = name
    return colons
