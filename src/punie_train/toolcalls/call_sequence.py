"""A row of calls, JSON or Python, one a line or separated by `,` or `;`."""

import re
from dataclasses import dataclass

from punie_train.core.messages import ToolCall
from punie_train.toolcalls.json_calls import NotACall, calls_in
from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at
from punie_train.toolcalls.parsed import WireFormat
from punie_train.toolcalls.python_literals import UnreadablePythonError, after_space
from punie_train.toolcalls.pythonic import CALL_START, call_at, calls_at
from punie_train.toolcalls.reading import FoundCall, ToolsByName

_JSON = re.compile(r'\{|\[\s{0,20}[\[{"\]]')
_PYTHON_LIST = re.compile(r"\[\s{0,20}(?:Calling tools?:|[^\W\d])")
_BETWEEN = re.compile(r"[\s,;]*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSequence:
    """The calls that could be read, where reading ended, and why it did, if by a broken call."""

    calls: tuple[FoundCall, ...]
    end: int
    problem: str = ""
    position: int = 0

    @property
    def bare_python(self) -> bool:
        """Return whether all calls are Python."""
        return all(call.format is WireFormat.PYTHONIC for call in self.calls)


def begins_as_python(text: str, position: int) -> bool:
    """Return whether a list of calls or a call in Python may begin at a position."""
    start = _PYTHON_LIST.match(text, position) or CALL_START.match(text, position)
    return start is not None


def read_sequence(
    text: str, position: int, tools: ToolsByName, *, json_format: WireFormat
) -> CallSequence:
    """Read as many calls as stand in a row from a position; `end` is after the last of them."""
    found: list[FoundCall] = []
    end = position
    while True:
        try:
            if _JSON.match(text, position):
                value, position = decode_at(text, position)
                match calls_in(value, tools):
                    case NotACall(reason, _, calls):
                        found += _found(calls, json_format)
                        return _broken(found, end, reason, end)
                    case calls:
                        found += _found(calls, json_format)
            elif _PYTHON_LIST.match(text, position):
                row = calls_at(text, position, tools)
                found += (call.found for call in row)
                position = row[-1].end
            elif CALL_START.match(text, position):
                call = call_at(text, position, tools)
                found.append(call.found)
                position = call.end
            else:
                return CallSequence(calls=tuple(found), end=end)
        except (UnreadableJsonError, UnreadablePythonError) as error:
            return _broken(found, end, error.reason, error.position)
        end = position
        between = _BETWEEN.match(text, position)
        position = after_space(text, between.end() if between else position)


def _broken(found: list[FoundCall], end: int, problem: str, position: int) -> CallSequence:
    return CallSequence(calls=tuple(found), end=end, problem=problem, position=position)


def _found(calls: tuple[ToolCall, ...], json_format: WireFormat) -> list[FoundCall]:
    return [FoundCall(call=call, format=json_format, exact=False) for call in calls]
