"""How a run ended, told from what the sandbox raised."""

import re
from dataclasses import fields

from pydantic_monty import MontyCrashedError, MontyRuntimeError, MontySyntaxError

from punie_train.core.code_observations import CodeRun, RunEnd
from punie_train.sandbox.host import Host
from punie_train.sandbox.stubs import ITEM_TYPES, RESULT_TYPES

MOST_ROUND_TRIPS = 10_000
"""Calls of tools and reads of attributes in one run."""

_SHOWN = 500
_ABSENT = re.compile(
    r"module '[\w.]+' has no attribute '|name '(__import__|input|open|compile|breakpoint)' is not|"
    r"is not supported in this environment"
)
_FIELD = re.compile(r"'(\w+)' object has no attribute '(\w+)'$")
_FIELDS = frozenset(
    (kind.__name__, field.name)
    for kind in (*RESULT_TYPES.values(), *ITEM_TYPES.values())
    for field in fields(kind)
)
"""Fields that exist: the sandbox misses one where `sorted`, `max`, `map` ... call a function that
reads it, because it cannot ask the host from there."""


_FACTS = {
    RunEnd.ERROR: "the code fails",
    RunEnd.SYNTAX: "the code does not parse",
    RunEnd.BLOCKED: "the sandbox does not have this",
    RunEnd.TIME: "the code takes too long",
    RunEnd.MEMORY: "the code takes too much memory",
    RunEnd.CALLS: f"the code calls and reads more than {MOST_ROUND_TRIPS} times",
    RunEnd.CRASHED: "the code brought its worker down",
    RunEnd.UNSUPPORTED: "the sandbox cannot run this, though it is valid Python",
}


def shortened(text: str) -> str:
    """Return the text, or its beginning when it is long."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."


def ended(error: BaseException, host: Host) -> CodeRun:
    """Return how a run ended that raised `error`."""
    line = None
    if isinstance(error, MontyRuntimeError | MontySyntaxError) and (frames := error.traceback()):
        line = frames[-1].line
    end = _end(error, host)
    reason = f"{_FACTS[end]}: {shortened(str(error))}"
    return CodeRun(script="", end=end, reason=reason, line=line)


def _end(error: BaseException, host: Host) -> RunEnd:
    match error:
        case MontySyntaxError():
            return RunEnd.SYNTAX
        case MontyCrashedError():
            return RunEnd.TIME if error.timed_out else RunEnd.CRASHED
        case MontyRuntimeError():
            return _limit(error) or _refusal(error, host)
    return RunEnd.MEMORY if isinstance(error, MemoryError) else RunEnd.ERROR


def _limit(error: MontyRuntimeError) -> RunEnd | None:
    match error.exception():
        case TimeoutError() if "time limit" in str(error):
            return RunEnd.TIME
        case MemoryError():
            return RunEnd.MEMORY
        case RuntimeError() if "suspension limit" in str(error):
            return RunEnd.CALLS
    return None


def _refusal(error: MontyRuntimeError, host: Host) -> RunEnd:
    text = str(error)
    match error.exception():
        case ImportError() | PermissionError() if host.attempts:
            return RunEnd.BLOCKED
        case Exception() if _ABSENT.search(text):
            return RunEnd.BLOCKED
    return RunEnd.UNSUPPORTED if _unsupported(error.exception(), text) else RunEnd.ERROR


def _unsupported(error: BaseException, text: str) -> bool:
    match error:
        case NotImplementedError():
            return "monty" in text
        case TypeError():
            return text.endswith("'list' object is not an iterator")
        case AttributeError():
            found = _FIELD.search(text)
            return found is not None and found.groups() in _FIELDS
    return False
