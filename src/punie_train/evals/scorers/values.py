"""When are two JSON values the same, and how is a call written in a reason."""

import json
from collections.abc import Mapping
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.evals.case import AnyOf, ExpectedCall

_LONGEST = 60


def same_value(expected: Any, actual: Any) -> bool:
    """Return whether a value is right, by JSON type.

    5 passes for 5.0, but 5.0 not for 5 and True not for 1; text, keys and the order of lists
    count exactly.
    """
    if isinstance(expected, AnyOf):
        return any(same_value(value, actual) for value in expected.values)
    match expected, actual:
        case (bool(), _) | (_, bool()):
            return expected is actual
        case float(), int() | float():
            return expected == actual
        case (dict() | Mapping(), dict() | Mapping()):
            return expected.keys() == actual.keys() and all(
                same_value(value, actual[key]) for key, value in expected.items()
            )
        case (list() | tuple(), list() | tuple()):
            return len(expected) == len(actual) and all(map(same_value, expected, actual))
    return type(expected) is type(actual) and expected == actual


def same_number_value(left: Any, right: Any) -> bool:
    """Return whether two values are equal as JSON, 5 and 5.0 being the same number."""
    return same_value(left, right) or same_value(right, left)


def same_call(expected: ExpectedCall, actual: ToolCall) -> bool:
    """Return whether name and all arguments are right and none is missing or extra."""
    wanted = {
        key: value
        for key, value in expected.arguments.items()
        if key in actual.arguments or not is_optional(value)
    }
    return expected.name == actual.name and same_value(wanted, actual.arguments)


def is_optional(value: Any) -> bool:
    """Return whether an expected argument may be left out."""
    return isinstance(value, AnyOf) and value.optional


def describe_call(call: ToolCall | ExpectedCall) -> str:
    """Return a call as text, long values cut."""
    arguments = ", ".join(f"{key}={describe_value(value)}" for key, value in call.arguments.items())
    return f"{call.name}({arguments})"


def describe_value(value: Any) -> str:
    """Return a value as short text."""
    if isinstance(value, AnyOf):
        return " or ".join(describe_value(choice) for choice in value.values)
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
