"""Calls in tags of any name: `<tools>`, `<function_calls>`, `<|python_start|>` and the like."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from punie_train.toolcalls.call_sequence import CallSequence, read_sequence
from punie_train.toolcalls.meant_calls import is_meant_as_call
from punie_train.toolcalls.parsed import MalformedCall, WireFormat
from punie_train.toolcalls.python_literals import after_space
from punie_train.toolcalls.reading import Reading, ToolsByName

_OPENING = re.compile(r"<(\|?)([A-Za-z][\w:.-]{0,60})(?:\s[^<>|]{0,200})?(\|?)>\s{0,1000}")
_CLOSING = re.compile(r"</([A-Za-z][\w:.-]{0,60})>")
_SPECIAL_END = re.compile(r"<\|[\w/-]{0,60}(?:end|eom|eot|/)[\w/-]{0,60}\|>")
_FOR_CALLS = re.compile(r"tool|function|call|python|action|plugin|invoke", re.IGNORECASE)
_ALWAYS_CALLS = re.compile(r"(?:tool|function)[_-]?calls?(?:_start)?", re.IGNORECASE)
_NOT_CALLS = re.compile(
    r"function|parameter|think(?:ing)?|thought|.*(?:response|result|output|schema).*",
    re.IGNORECASE,
)


class _Closings:
    """Where each closing tag of a text stands, found in one pass when first asked for."""

    def __init__(self, text: str):
        self._text = text
        self._found: dict[str, list[tuple[int, int]]] | None = None

    def after(self, name: str, position: int) -> tuple[int, int] | None:
        if self._found is None:
            self._found = defaultdict(list)
            for match in _CLOSING.finditer(self._text):
                self._found[match[1]].append(match.span())
        places = self._found.get(name, [])
        index = bisect_left(places, (position, position))
        return places[index] if index < len(places) else None


def read_enclosed(text: str, tools: ToolsByName) -> Iterator[Reading]:
    """Yield the calls that fill a tag.

    JSON counts in any tag; Python outside of brackets where the tag is named after calls or all
    tools are known. A broken call is malformed where it begins as the call of a known tool, or
    in a closed tag whose name says that it holds calls.
    """
    closings = _Closings(text)
    position = 0
    while opening := _OPENING.search(text, position):
        position = opening.end()
        if _NOT_CALLS.fullmatch(opening[2]):
            continue
        if reading := _read(text, opening, closings, tools):
            yield reading
            position = max(position, reading.end)


def _read(
    text: str, opening: re.Match[str], closings: _Closings, tools: ToolsByName
) -> Reading | None:
    start, inside, name = opening.start(), opening.end(), opening[2]
    row = read_sequence(text, inside, tools, json_format=WireFormat.TAGGED_JSON)
    if row.calls and not row.problem:
        end, closed = _end(text, row.end, name)
        ends = closed or end >= len(text) or text[end] == "<"
        accepted = not row.bare_python or (ends and _is_for_calls(row, name, tools))
        return Reading(start=start, end=end, calls=row.calls) if accepted else None
    place = closings.after(name, inside)
    says_so = _ALWAYS_CALLS.fullmatch(name) is not None and place is not None
    if not (says_so or (_FOR_CALLS.search(name) and is_meant_as_call(text, inside, tools))):
        return None
    end = place[1] if place else len(text)
    problem = MalformedCall(
        reason=row.problem or "the block holds no call",
        position=max(row.position, inside),
        text=text[start:end],
    )
    return Reading(start=start, end=end, calls=row.calls, malformed=(problem,))


def _is_for_calls(row: CallSequence, name: str, tools: ToolsByName) -> bool:
    return _FOR_CALLS.search(name) is not None or all(call.call.name in tools for call in row.calls)


def _end(text: str, position: int, name: str) -> tuple[int, bool]:
    """Return where a block ends whose calls end at a position, and whether a tag closes it."""
    following = after_space(text, position)
    for closing in (f"</{name}>", f"<|/{name}|>", f"</{name}|>"):
        if text.startswith(closing, following):
            return following + len(closing), True
    if special := _SPECIAL_END.match(text, following):
        return special.end(), True
    at_end = following >= len(text) or text.startswith("<", following)
    return (following if at_end else position), False
