"""Rules of calls and results: every result answers a call, every call gets its result."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punie_train.dataset import rules
from punie_train.dataset.call_rules import call_function, calls_of
from punie_train.dataset.rules import Fault


@dataclass(slots=True)
class _Call:
    name: str
    id: str | None
    message: int
    answered: bool = False

    def __str__(self) -> str:
        return f"message {self.message}: the call of {self.name[:60]!r}"


def result_faults(messages: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield what does not fit between the calls of a row and their results.

    A result names its call by `tool_call_id`; without one it answers the first open call of its
    `name`, or the first open call. Calls of the last message need no result.
    """
    calls: list[_Call] = []
    current: list[_Call] = []
    for position, message in enumerate(messages, start=1):
        if message.get("role") == "tool":
            yield from _answer(message, position, current, calls)
            continue
        yield from _unanswered(current)
        current = [
            _Call(function["name"], _id(call.get("id")), position)
            for call in calls_of(message)
            if (function := call_function(call)) is not None
        ]
        for call in current:
            if call.id is not None and any(other.id == call.id for other in calls):
                yield Fault(rules.DUPLICATE_CALL_ID, f"{call} has the id of another call")
            calls.append(call)
    if current and current[0].message != len(messages):
        yield from _unanswered(current)


def _answer(
    message: Mapping[str, Any], position: int, current: list[_Call], calls: list[_Call]
) -> Iterator[Fault]:
    where = f"message {position}"
    wanted, name = _id(message.get("tool_call_id")), message.get("name")
    if not current:
        yield Fault(rules.RESULT_WITHOUT_CALL, f"{where} is a result, but nothing was called")
        return
    if wanted is not None:
        named = [call for call in calls if call.id == wanted]
        if not named:
            fact = f"{where} answers the call {wanted[:60]!r}, which does not exist"
            yield Fault(rules.RESULT_WITHOUT_CALL, fact)
            return
        open_ones = [call for call in named if not call.answered]
    else:
        named = [call for call in current if name in (None, "", call.name)]
        if not named:
            fact = f"{where} is a result of {str(name)[:60]!r}, which was not called"
            yield Fault(rules.RESULT_WITHOUT_CALL, fact)
            return
        open_ones = [call for call in named if not call.answered]
    if not open_ones:
        yield Fault(rules.SECOND_RESULT, f"{where} is a second result; {named[0]} has one")
        return
    call = open_ones[0]
    call.answered = True
    if name not in (None, "", call.name):
        fact = f"{where} is named {str(name)[:60]!r}, but answers {call.name[:60]!r}"
        yield Fault(rules.RESULT_NAME, fact)


def _unanswered(calls: list[_Call]) -> Iterator[Fault]:
    for call in calls:
        if not call.answered:
            call.answered = True
            yield Fault(rules.CALL_WITHOUT_RESULT, f"{call} has no result")


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
