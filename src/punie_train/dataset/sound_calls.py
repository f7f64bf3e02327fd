"""The quick answer for the calls of a row and their results."""

from collections.abc import Sequence

from msgspec import UNSET

from punie_train.dataset.plain_rows import Assistant, PlainCall, PlainMessage, Tool
from punie_train.dataset.tool_sets import ToolSet

_Waiting = dict[str | int, str]
"""Calls without a result: their names by id, or by number where there is none."""


_MISFIT = -(1 << 60)


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
            answered = _answer(message, waiting, others)
            if answered is None:
                return 0
            colons += answered
        elif waiting:
            return 0
        elif type(message) is Assistant and message.tool_calls is not UNSET:
            colons += content is not UNSET
            for call in message.tool_calls:
                colons += _call(call, tools, waiting, used, others)
        if content:
            contents.append(content)
        elif not waiting:
            return 0
    return max(colons, 0)


def _call(
    call: PlainCall, tools: ToolSet, waiting: _Waiting, used: set[str | int], others: list[str]
) -> int:
    """Take a call; return the colons of its keys, far below 0 unless it surely fits."""
    function, key = call.function, call.id
    name = function.name
    schema = tools.simple.get(name)
    if schema is None:
        return _MISFIT
    colons = schema.colons(function.arguments, others)
    if colons < 0:
        return _MISFIT
    if key is UNSET:
        key = len(used)
    else:
        colons += 1
        others.append(key)
    if key in used:
        return _MISFIT
    used.add(key)
    waiting[key] = name
    others.append(name)
    return colons + (3 if call.type is UNSET else 4)


def _answer(result: Tool, waiting: _Waiting, others: list[str]) -> int | None:
    """Take a result; return the colons of its name and id, None unless it surely fits."""
    name, key = result.name, result.tool_call_id
    colons = 0
    if name is not UNSET:
        colons = 1
        others.append(name)
    if key is UNSET:
        key = next((one for one, of in waiting.items() if name in (UNSET, of)), -1)
    else:
        colons += 1
        others.append(key)
    wanted = waiting.pop(key, None)
    return colons if wanted is not None and name in (UNSET, wanted) else None
