"""The schemas that most tools have, in a form that is checked without a library.

It only ever says that arguments surely fit; whatever is not simple goes to the JSON schema library.
"""

import sys
from collections.abc import Iterable, Mapping
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
_OF_LISTS = _SAYS_NOTHING | {"type", "items"}
_OF_WORDS = _SAYS_NOTHING | {"type", "enum"}
_TOP = _SAYS_NOTHING | {"type", "properties", "required", "additionalProperties"}

MISFIT = -(1 << 60)
"""A number of colons that no other makes up for: something does not surely fit."""


@dataclass(frozen=True, slots=True)
class SimpleSchema:
    """Types by parameter, of items of lists, words where they are limited; what must be there.

    `known` is the number of parameters that can fit, or more than any call has if it would not
    do to have them all; `plain_names` says that no name holds a colon or a control token.
    """

    types: Mapping[str, frozenset[type]]
    items: Mapping[str, frozenset[type]]
    words: Mapping[str, frozenset[str]]
    required: frozenset[str]
    texts: frozenset[str]
    known: int
    plain_names: bool

    def colons(self, arguments: Mapping[str, Any], texts: list[str]) -> int:
        """Return how many colons arguments that surely fit need; otherwise a number far below 0.

        Collects all texts in them but the names of parameters.
        """
        colons, plain = len(arguments), self.texts
        for name, value in arguments.items():
            if type(value) is str and name in plain:
                texts.append(value)
            else:
                colons += self._value_colons(name, value, texts)
        if len(arguments) < self.known and not self.required <= arguments.keys():
            return MISFIT
        return colons

    def _value_colons(self, name: str, value: Any, texts: list[str]) -> int:
        """Return how many colons the value of a parameter needs if it surely fits, or MISFIT.

        Collects all texts in it.
        """
        kind = type(value)
        if kind is str:
            if name not in self.texts and value not in self.words.get(name, ()):
                return MISFIT
            texts.append(value)
            return 0
        if kind is list and (of := self.items.get(name)) is not None:
            return (
                _inner_colons(value, texts) if all(type(item) in of for item in value) else MISFIT
            )
        if kind not in self.types.get(name, ()):
            return MISFIT
        return _inner_colons([value], texts) if kind is dict else 0

    def surely_fits(self, arguments: Mapping[str, Any]) -> bool:
        """Say whether the arguments fit; False means that a closer look is needed."""
        for name, value in arguments.items():
            if type(value) is list:
                of = self.items.get(name)
                if of is None or not all(type(item) in of for item in value):
                    return False
            elif type(value) not in self.types.get(name, ()) and not (
                type(value) is str and value in self.words.get(name, ())
            ):
                return False
        return self.required <= arguments.keys()


def _inner_colons(values: list[Any], texts: list[str]) -> int:
    """Count the keys of all objects in values; collect keys and texts."""
    colons = 0
    for value in values:
        if type(value) is str:
            texts.append(value)
        elif type(value) is list:
            colons += _inner_colons(value, texts)
        elif type(value) is dict:
            texts.extend(value)
            colons += len(value) + _inner_colons(list(value.values()), texts)
    return colons


def simple_schema(schema: Any) -> SimpleSchema | None:
    """Return the simple form of a valid object schema, or None if it says more than that."""
    if schema is None:
        schema = {}
    extra = schema.get("additionalProperties")
    if not schema.keys() <= _TOP or extra not in (None, True, False):
        return None
    types: dict[str, frozenset[type]] = {}
    items: dict[str, frozenset[type]] = {}
    words: dict[str, frozenset[str]] = {}
    for name, one in (schema.get("properties") or {}).items():
        if not isinstance(one, Mapping):
            continue
        if "enum" in one:
            if one.get("type", "string") == "string" and one.keys() <= _OF_WORDS:
                words[name] = frozenset(word for word in one["enum"] if isinstance(word, str))
        elif one.get("type") == "array" and one.keys() <= _OF_LISTS:
            if (of := _types(one.get("items"))) is not None:
                items[name] = of
        elif (known := _types(one)) is not None:
            types[name] = known
    required = frozenset(schema.get("required") or ())
    fitting = {*types, *items, *words}
    return SimpleSchema(
        types=types,
        items=items,
        words=words,
        required=required,
        texts=frozenset(name for name, of in types.items() if str in of),
        known=len(fitting) if required <= fitting else sys.maxsize,
        plain_names=is_plain(fitting),
    )


def is_plain(names: Iterable[str]) -> bool:
    """Say whether no name holds a colon or what may be a control token."""
    return not any(odd in name for name in names for odd in ":<[")


def surely_valid(schema: Mapping[str, Any]) -> bool:
    """Say whether a schema of parameters is surely a valid one; False asks the library."""
    properties, required = schema.get("properties", {}), schema.get("required", [])
    return (
        schema.keys() <= {"type", "properties", "required", "additionalProperties", "description"}
        and schema.get("type") == "object"
        and _described(schema)
        and isinstance(schema.get("additionalProperties", False), bool)
        and isinstance(properties, dict)
        and all(isinstance(one, dict) and _surely_valid(one) for one in properties.values())
        and _distinct_words(required)
    )


def _surely_valid(schema: Mapping[str, Any]) -> bool:
    """Answer for one parameter, or for the items of one."""
    items = schema.get("items", {"type": "string"})
    one_level = isinstance(items, dict) and ("items" not in schema or "items" not in items)
    return (
        schema.keys() <= {"type", "items", "enum", "description", "default"}
        and _described(schema)
        and schema.get("type") in ("string", "integer", "number", "boolean", "object", "array")
        and one_level
        and ("items" not in schema or _surely_valid(items))
        and _distinct_words(schema.get("enum", []))
    )


def _described(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("description", ""), str)


def _distinct_words(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and len(set(value)) == len(value)
    )


def _types(schema: Any) -> frozenset[type] | None:
    if not isinstance(schema, Mapping) or not schema.keys() <= _SAYS_NOTHING | {"type"}:
        return None
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, list) or not all(name in _TYPES for name in names):
        return None
    return frozenset().union(*(_TYPES[name] for name in names))
