"""Regular expressions of a tool's schema, applied with an end: they are somebody else's.

Python's own engine has none: one pattern such as `^(a+)+$` and forty letters would hold up a whole
dataset (F46). These are `jsonschema`'s keywords over an engine that takes a timeout.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import regex
from jsonschema.exceptions import ValidationError

PATIENCE = 1.0
"""Seconds of processor time for one search; a sane pattern needs microseconds."""

_endless: set[str] = set()


class EndlessPatternError(Exception):
    """A pattern did not come to an end on a value; it is not tried again in this process."""


def found(pattern: str, text: str) -> bool:
    """Say whether a pattern is found in a text; raises EndlessPatternError and regex.error."""
    if pattern in _endless:
        raise EndlessPatternError
    try:
        return regex.search(pattern, text, timeout=PATIENCE) is not None
    except TimeoutError as error:
        _endless.add(pattern)
        raise EndlessPatternError from error


def pattern(validator: Any, wanted: str, instance: Any, _: Any) -> Iterator[ValidationError]:
    """Keyword `pattern` of a string."""
    if validator.is_type(instance, "string") and not found(wanted, instance):
        yield ValidationError("the string does not match the pattern")


def pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _: Any
) -> Iterator[ValidationError]:
    """Keyword `patternProperties` of an object."""
    if validator.is_type(instance, "object"):
        for wanted, schema in patterns.items():
            for name, value in instance.items():
                if found(wanted, name):
                    yield from validator.descend(value, schema, path=name, schema_path=wanted)


def additional_properties(
    validator: Any, wanted: Any, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Keyword `additionalProperties`: what neither `properties` nor a pattern names."""
    if not validator.is_type(instance, "object"):
        return
    patterns, known = schema.get("patternProperties", {}), schema.get("properties", {})
    others = [
        name
        for name in instance
        if name not in known and not any(found(each, name) for each in patterns)
    ]
    if validator.is_type(wanted, "object"):
        for name in others:
            yield from validator.descend(instance[name], wanted, path=name)
    elif others and not wanted:
        yield ValidationError("there are properties that the schema does not allow")


KEYWORDS: Mapping[str, Any] = {
    "pattern": pattern,
    "patternProperties": pattern_properties,
    "additionalProperties": additional_properties,
}
"""For `jsonschema.validators.extend`."""
