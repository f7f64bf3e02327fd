"""Calls written as Python: `[f(a=1), g(b='x')]`, and `f({"a": 1})` with its arguments as JSON."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.python_literals import (
    UnreadablePythonError,
    after_space,
    literal_at,
)
from punie_train.toolcalls.reading import FoundCall, Reading, ToolsByName

CALL_START = re.compile(r"([^\W\d][\w.-]{0,200})\s{0,20}\(")

_LIST_START = re.compile(
    r"\[\s{0,20}(?P<marker>Calling tools?:\s{0,20})?(?P<name>[^\W\d][\w.-]{0,200})\s{0,20}\("
)
_KEYWORD = re.compile(r"([^\W\d]\w{0,200})\s{0,20}=(?!=)\s*+")
_IN_CODE = re.compile(r"(?:[\w)\]\"'`]|= {0,20})\Z")
_REST_OF_LINE = re.compile(r"[ \t]{0,200}(?:\n|<|\Z)")
_START_OF_LINE = re.compile(r"(?:\A|[\n>])[ \t]{0,200}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonicCall:
    """A call, how it was written, and where it ends."""

    call: ToolCall
    format: WireFormat
    end: int

    @property
    def found(self) -> FoundCall:
        """Return the call for a reading; Python is never the exact format of a template here."""
        return FoundCall(call=self.call, format=self.format, exact=False)


def call_at(text: str, position: int, tools: ToolsByName) -> PythonicCall:
    """Read `name(...)` at a position; raises `UnreadablePythonError`.

    Arguments without names go to the parameters of the schema in order; a single object is all
    arguments, unless the tool has none of its keys.
    """
    start = CALL_START.match(text, position)
    if start is None:
        raise UnreadablePythonError("not a call", position)
    named: dict[str, Any] = {}
    unnamed: list[Any] = []
    index = after_space(text, start.end())
    while not text.startswith(")", index):
        if keyword := _KEYWORD.match(text, index):
            if keyword[1] in named:
                raise UnreadablePythonError(f"the argument {keyword[1]} stands twice", index)
            named[keyword[1]], index = literal_at(text, keyword.end())
        elif named:
            raise UnreadablePythonError("an argument without a name after named ones", index)
        else:
            value, index = literal_at(text, index)
            unnamed.append(value)
        index = after_space(text, index)
        if text.startswith(",", index):
            index = after_space(text, index + 1)
        elif not text.startswith(")", index):
            raise UnreadablePythonError("',' or ')' is missing", index)
    name, wire_format = start[1], WireFormat.PYTHONIC
    properties = _properties(name, tools)
    if len(unnamed) == 1 and not named and _is_all_arguments(unnamed[0], properties):
        named, wire_format = unnamed[0], WireFormat.BRACKET_JSON
    elif unnamed:
        named = _in_order(name, unnamed, properties, start.start()) | named
    return PythonicCall(
        call=ToolCall(name=name, arguments=named), format=wire_format, end=index + 1
    )


def calls_at(text: str, position: int, tools: ToolsByName) -> tuple[PythonicCall, ...]:
    """Read the list `[f(...), ...]` whose bracket is at a position; the last call's `end` is after
    the closing bracket. Raises `UnreadablePythonError`.
    """
    opening = _LIST_START.match(text, position)
    if opening is None:
        raise UnreadablePythonError("not a list of calls", position)
    calls: list[PythonicCall] = []
    index = opening.start("name")
    while not text.startswith("]", index):
        call = call_at(text, index, tools)
        index = after_space(text, call.end)
        if text.startswith((",", ";"), index):
            index = after_space(text, index + 1)
        elif not text.startswith("]", index):
            raise UnreadablePythonError("',' or ']' is missing", index)
        calls.append(call)
    last = calls[-1]
    calls[-1] = PythonicCall(call=last.call, format=last.format, end=index + 1)
    return tuple(calls)


def read_pythonic(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the lists of calls in a text.

    Where tools are offered, a list with an unknown one counts only alone on its line, because
    answers hold Python too. A broken list counts as a call when it names a known tool and one of
    its parameters, or says `Calling tool:`.
    """
    position = 0
    while opening := _LIST_START.search(text, position):
        start, marked = opening.start(), opening["marker"] is not None
        try:
            calls = calls_at(text, start, tools)
        except UnreadablePythonError as error:
            position = max(error.position, opening.end())
            if marked or (opening["name"] in tools and _KEYWORD.match(text, opening.end())):
                line_end = text.find("\n", position)
                position = len(text) if line_end < 0 else line_end
                problem = MalformedCall(
                    reason=f"the call of {opening['name']} cannot be read: {error.reason}",
                    position=error.position,
                    text=text[start:position],
                )
                yield Reading(start=start, end=position, malformed=(problem,))
            continue
        position = end = calls[-1].end
        if marked or _are_calls(text, start, end, calls, tools):
            yield Reading(start=start, end=end, calls=tuple(call.found for call in calls))


def _are_calls(
    text: str, start: int, end: int, calls: tuple[PythonicCall, ...], tools: ToolsByName
) -> bool:
    before = text[max(0, start - 200) : start]
    if _IN_CODE.search(before):
        return False
    if all(call.call.name in tools for call in calls):
        return True
    alone = _START_OF_LINE.search(before) and _REST_OF_LINE.match(text, end)
    if tools:
        return alone is not None
    return alone is not None or all(call.call.arguments for call in calls)


def _properties(name: str, tools: ToolsByName) -> Mapping[str, Any] | None:
    if name not in tools:
        return None
    properties = tools[name].parameters.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _is_all_arguments(value: Any, properties: Mapping[str, Any] | None) -> bool:
    if not isinstance(value, dict):
        return False
    return not properties or not value or any(key in properties for key in value)


def _in_order(
    name: str, values: list[Any], properties: Mapping[str, Any] | None, position: int
) -> dict[str, Any]:
    if properties is None or len(values) > len(properties):
        reason = f"an argument of {name} has no name, and the schema does not tell it"
        raise UnreadablePythonError(reason, position)
    return dict(zip(properties, values, strict=False))
