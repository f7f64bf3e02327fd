"""When the field's reference rule for function calls accepts the value of an argument.

The rule is that of the Berkeley Function-Calling Leaderboard (its AST check, version 4), with its
peculiarities: the first alternative decides the type where it differs from the schema's, `""`
among the alternatives marks an optional argument, only the outer level of lists and objects is
normalized, and the values of an object are lists of alternatives.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from punie_train.evals.case import AnyOf

_IGNORED = re.compile(r"[ ,./\-_*^]")
_TYPES: Mapping[str, type] = {
    "string": str, "str": str, "any": str,
    "integer": int, "int": int,
    "number": float, "float": float,
    "boolean": bool, "bool": bool,
    "array": list, "list": list, "tuple": list,
    "object": dict, "dict": dict,
}  # fmt: skip


def normalized(text: str) -> str:
    """Return a text as the rule compares it: lower case, without blanks and ` ,./-_*^`."""
    return _IGNORED.sub("", text).lower().replace("'", '"')


def is_accepted(value: Any, answers: AnyOf, schema: Mapping[str, Any]) -> bool:
    """Return whether the rule accepts a value; an empty schema leaves the type to the answers."""
    alternatives = _alternatives(answers)
    wanted = _type(schema) or _first_type(alternatives)
    if wanted is float and type(value) is int and abs(value) < 2**1000:
        value = float(value)
    items = schema.get("items")
    nested = _type(items) if wanted is list and isinstance(items, Mapping) else None
    fits, as_answered = _fits(value, alternatives, wanted, nested) if wanted else (True, True)
    if not fits or as_answered:
        return fits and value in alternatives
    match value:
        case dict():
            return _object_is_accepted(value, alternatives, schema)
        case list() if nested is dict:
            return any(_rows_are_accepted(value, rows, items) for rows in alternatives)
        case str():
            return normalized(value) in (normalized(a) for a in alternatives if isinstance(a, str))
        case list():
            plain = [_plain(item) for item in value]
            return any(plain == [_plain(item) for item in a] for a in alternatives if _is_row(a))
    return value in alternatives


def _alternatives(answers: AnyOf) -> list[Any]:
    values = list(answers.values)
    return [*values, ""] if answers.optional and "" not in values else values


def _type(schema: Any) -> type | None:
    declared = schema.get("type") if isinstance(schema, Mapping) else None
    return _TYPES.get(declared.lower()) if isinstance(declared, str) else None


def _first_type(alternatives: Sequence[Any]) -> type | None:
    return next((type(a) for a in alternatives if a != ""), None)


def _fits(
    value: Any, alternatives: Sequence[Any], wanted: type, nested: type | None
) -> tuple[bool, bool]:
    """Return whether a value has a right type, and whether it is that of the answers only."""
    first = _first_type(alternatives)
    if type(value) is wanted:
        as_answered = first is not None and first is not wanted
        if nested is None:
            return True, as_answered
        fits = any(
            not isinstance(a, list) or all(_fits(item, a, nested, None)[0] for item in value)
            for a in alternatives
        )
        return fits, as_answered
    return first is type(value), True


def _is_row(value: Any) -> bool:
    return isinstance(value, list | str)


def _plain(value: Any) -> Any:
    return normalized(value) if isinstance(value, str) else value


def _rows_are_accepted(value: list[Any], rows: Any, items: Mapping[str, Any] | Any) -> bool:
    return (
        _is_row(rows)
        and len(value) == len(rows)
        and all(_object_is_accepted(v, [row], items) for v, row in zip(value, rows, strict=True))
    )


def _object_is_accepted(value: Any, alternatives: Sequence[Any], schema: Any) -> bool:
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    types = properties if isinstance(properties, Mapping) else {}
    return isinstance(value, dict) and any(
        _matches(value, answer, types) for answer in alternatives if isinstance(answer, dict)
    )


def _matches(value: Mapping[str, Any], answer: Mapping[str, Any], types: Mapping[str, Any]) -> bool:
    choices = {key: _choices(answer[key]) for key in answer}
    if any("" not in choices[key] for key in answer if key not in value):
        return False
    return all(
        key in choices
        and (
            _plain(item) in [_plain(choice) for choice in choices[key]]
            or (_type(types.get(key)) is list and item == answer[key])
        )
        for key, item in value.items()
    )


def _choices(answer: Any) -> list[Any]:
    if isinstance(answer, AnyOf):
        return _alternatives(answer)
    return answer if isinstance(answer, list) else [answer]
