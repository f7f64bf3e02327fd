"""What is wrong with one call, by the field's reference rule.

Right name, all required parameters, no parameter outside of the schema or the answer, a value of
the schema's type that is among the accepted ones. Strings are compared as they are, or normalized.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import AnyOf, ExpectedCall
from punie_train.evals.scorers.reference_rule import is_accepted
from punie_train.evals.scorers.values import describe_value, same_value
from punie_train.toolcalls.typed_values import schema_types


class StringMatch(StrEnum):
    """How texts are compared."""

    EXACT = "exact"
    NORMALIZED = "normalized"


def problems(
    expected: ExpectedCall,
    actual: ToolCall,
    tools: Mapping[str, ToolSpec],
    string_match: StringMatch,
) -> tuple[str, ...]:
    """Return what is wrong with a call in words; nothing when it is right."""
    name = expected.name
    if actual.name != name:
        return (f"{actual.name} was called instead of {name}",)
    tool = tools.get(name)
    properties = tool.parameters.get("properties") if tool else None
    schemas: Mapping[str, Any] = properties if isinstance(properties, Mapping) else {}
    found = [
        f"{name}: required argument {key} is missing"
        for key in (sorted(tool.required) if tool else ())
        if key not in actual.arguments
    ]
    found += [
        f"{name}: argument {key} is missing"
        for key, value in expected.arguments.items()
        if key not in actual.arguments
        and not _may_be_missing(value)
        and not (tool and key in tool.required)
    ]
    for key, value in actual.arguments.items():
        if tool and key not in schemas:
            found.append(f"{name} has no argument {key}")
        elif key not in expected.arguments:
            found.append(f"{name}: argument {key} was not asked for")
        elif not _is_right(
            value, _answers(expected.arguments[key]), schemas.get(key), string_match
        ):
            wanted = describe_value(expected.arguments[key])
            found.append(f"{name}: {key} is {describe_value(value)} instead of {wanted}")
    return tuple(found)


def _answers(value: Any) -> AnyOf:
    return value if isinstance(value, AnyOf) else AnyOf(values=(value,))


def _may_be_missing(value: Any) -> bool:
    return isinstance(value, AnyOf) and (value.optional or "" in value.values)


def _is_right(value: Any, answers: AnyOf, schema: Any, string_match: StringMatch) -> bool:
    known = schema if isinstance(schema, Mapping) else {}
    if string_match is StringMatch.NORMALIZED:
        return is_accepted(value, answers, known)
    return any(_is_exact(value, answer, known) for answer in answers.values)


def _is_exact(value: Any, answer: Any, schema: Mapping[str, Any]) -> bool:
    types = schema_types(schema) - {"null"}
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if types == {"integer"} and isinstance(value, float):
        return False
    if types == {"number"} and is_number and not isinstance(answer, bool):
        return value == answer
    items = schema.get("items")
    if isinstance(value, list) and isinstance(answer, list) and isinstance(items, Mapping):
        return len(value) == len(answer) and all(
            _is_exact(v, a, items) for v, a in zip(value, answer, strict=True)
        )
    return same_value(answer, value)
