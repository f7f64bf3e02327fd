"""The schemas that most tools have, in a form that is checked without a library.

It only ever says that arguments surely fit; whatever is not simple goes to the JSON schema library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any

_TYPES: Mapping[str, frozenset[type]] = {
    "string": frozenset({str}),
    "integer": frozenset({int}),
    "number": frozenset({int, float}),
    "boolean": frozenset({bool}),
    "null": frozenset({NoneType}),
    "object": frozenset({dict}),
}
_SAYS_NOTHING = frozenset({"description", "title", "default", "examples", "$schema", "$comment"})
_TOP = _SAYS_NOTHING | {"type", "properties", "required", "additionalProperties"}


@dataclass(frozen=True, slots=True)
class SimpleSchema:
    """Types by parameter, item types by parameter that is a list, and what must be there."""

    types: Mapping[str, frozenset[type]]
    items: Mapping[str, frozenset[type]]
    required: frozenset[str]

    def surely_fits(self, arguments: Mapping[str, Any]) -> bool:
        """Say whether the arguments fit; False means that a closer look is needed."""
        for name, value in arguments.items():
            if type(value) is list:
                of = self.items.get(name)
                if of is None or not all(type(item) in of for item in value):
                    return False
            elif type(value) not in self.types.get(name, ()):
                return False
        return self.required <= arguments.keys()


def simple_schema(schema: Any) -> SimpleSchema | None:
    """Return the simple form of a valid object schema, or None if it says more than that."""
    if schema is None:
        schema = {}
    extra = schema.get("additionalProperties")
    if not schema.keys() <= _TOP or extra not in (None, True, False):
        return None
    types: dict[str, frozenset[type]] = {}
    items: dict[str, frozenset[type]] = {}
    for name, one in (schema.get("properties") or {}).items():
        if not isinstance(one, Mapping):
            continue
        if one.get("type") == "array" and one.keys() <= _SAYS_NOTHING | {"type", "items"}:
            if (of := _types(one.get("items"))) is not None:
                items[name] = of
        elif (known := _types(one)) is not None:
            types[name] = known
    required = schema.get("required") or ()
    return SimpleSchema(types=types, items=items, required=frozenset(required))


def _types(schema: Any) -> frozenset[type] | None:
    if not isinstance(schema, Mapping) or not schema.keys() <= _SAYS_NOTHING | {"type"}:
        return None
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, list) or not all(name in _TYPES for name in names):
        return None
    return frozenset().union(*(_TYPES[name] for name in names))
