"""JSON schemas of tools, by the library `jsonschema`; it is loaded when the first one is needed.

Nothing is fetched: a `$ref` that leads elsewhere is a fault.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from punie_train.dataset.json_lines import kind_of
from punie_train.dataset.simple_schemas import surely_valid

_WORDS = frozenset(
    {"type", "properties", "required", "additionalProperties", "patternProperties", "enum", "const"}
    | {"$schema", "$ref", "$defs", "definitions", "allOf", "anyOf", "oneOf", "not", "if"}
    | {"title", "description", "minProperties", "maxProperties", "propertyNames"}
)


class ArgumentFault(StrEnum):
    """What can be wrong with the arguments of a call."""

    MISFIT = "misfit"
    OUTSIDE = "outside of the schema"
    ENCODED = "encoded twice"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One fault of the arguments of a call, in words."""

    kind: ArgumentFault
    fact: str


def schema_fault(schema: Any) -> str | None:
    """Return why a value is no schema of a tool's parameters, or None; null and {} are fine."""
    if schema is None or schema == {}:
        return None
    if not isinstance(schema, Mapping):
        return f"its parameters are a JSON {kind_of(schema)} instead of an object schema"
    if not _WORDS & schema.keys():
        return "its parameters are no JSON schema (neither `type` nor `properties`)"
    if schema.get("type", "object") not in ("object", ["object"]):
        return f"its parameters have the type {str(schema['type'])[:40]!r} instead of 'object'"
    cleaned = _without_nulls(schema)
    return None if surely_valid(cleaned) else _refused(cleaned)


def schema_checker(schema: Mapping[str, Any]) -> Any:
    """Return a validator of `jsonschema` for a sound schema."""
    from referencing import Registry

    cleaned = _without_nulls(schema)
    return _bounded(_draft_of(cleaned))(cleaned, registry=Registry())


def schema_misfits(checker: Any, arguments: Mapping[str, Any]) -> Iterator[Misfit]:
    """Yield what breaks a rule of the schema; arguments it does not name only below the top."""
    from punie_train.dataset.schema_patterns import EndlessPatternError

    try:
        errors = list(checker.iter_errors(arguments))
    except EndlessPatternError:
        fact = "a pattern of its schema comes to no end on its arguments, which stay unjudged"
        yield Misfit(ArgumentFault.MISFIT, fact)
        return
    except Exception as error:  # noqa: BLE001 - a schema of somebody's, run by a library
        yield Misfit(ArgumentFault.MISFIT, f"its schema cannot be applied ({type(error).__name__})")
        return
    for error in errors:
        if error.validator in ("additionalProperties", "unevaluatedProperties"):
            if error.absolute_path:
                yield Misfit(ArgumentFault.OUTSIDE, _words(error))
        elif _is_encoded(error):
            yield Misfit(ArgumentFault.ENCODED, _words(error))
        else:
            yield Misfit(ArgumentFault.MISFIT, _words(error))


def _refused(schema: dict[str, Any]) -> str | None:
    from jsonschema.exceptions import SchemaError

    try:
        _draft_of(schema).check_schema(schema)
    except SchemaError as error:
        where = "/".join(map(str, error.absolute_path))[:80]
        return f"its parameters are no valid JSON schema ({error.message[:120]} at {where or '/'})"
    except Exception as error:  # noqa: BLE001 - a schema of somebody's, run by a library
        return f"its parameters cannot be read as a JSON schema ({type(error).__name__})"
    return None


def _draft_of(schema: dict[str, Any]) -> Any:
    from jsonschema.validators import Draft202012Validator, validator_for

    return validator_for(schema, default=Draft202012Validator)


@cache
def _bounded(draft: Any) -> Any:
    """Return a draft's validator with patterns that come to an end."""
    from jsonschema.validators import extend

    from punie_train.dataset.schema_patterns import KEYWORDS

    return extend(draft, KEYWORDS)


def _without_nulls(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema without the null entries that columnar formats add to its top level."""
    return {key: value for key, value in schema.items() if value is not None}


def _is_encoded(error: Any) -> bool:
    if error.validator != "type" or not isinstance(error.instance, str):
        return False
    wanted = error.validator_value
    try:
        value = json.loads(error.instance)
    except (ValueError, RecursionError):
        return False
    return ("object" in wanted and isinstance(value, dict)) or (
        "array" in wanted and isinstance(value, list)
    )


def _words(error: Any) -> str:
    where = ".".join(map(str, error.absolute_path))[:80]
    place = f"the argument {where!r}" if where else "its arguments"
    match error.validator:
        case "required":
            left = [str(name) for name in error.validator_value if name not in error.instance]
            return f"{place} {'lacks' if where else 'lack'} {', '.join(map(repr, left))[:120]}"
        case "type":
            wanted = error.validator_value
            wanted = wanted if isinstance(wanted, str) else " or ".join(map(str, wanted))
            return f"{place} is a JSON {kind_of(error.instance)} instead of {wanted[:80]}"
        case "enum" | "const":
            return f"{place} is none of the values that its schema allows"
        case rule:
            return f"{place} breaks the rule {rule!r} of its schema"
