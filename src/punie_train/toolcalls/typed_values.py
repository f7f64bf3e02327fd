"""The text of an XML parameter as the value that the tool's schema asks for.

Policy, the same as that of the model servers: `null` in any case is null, whatever the type; a
value that does not read as its type stays text, except that anything but `true` is false for a
plain boolean; a union takes the narrowest type that reads; without a type only JSON objects and
arrays are read.
"""

import ast
import math
import re
import warnings
from collections.abc import Mapping
from typing import Any

from punie_train.toolcalls.json_text import UnreadableJsonError, decode_at

_ALIASES = {
    "str": "string",
    "text": "string",
    "enum": "string",
    "int": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
    "tuple": "array",
}
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}(?:\.0{1,20})?")
_LONGEST_LITERAL = 20_000


class _Unread(Exception):  # noqa: N818 - control flow inside this module
    pass


def value_from_text(text: str, schema: Mapping[str, Any]) -> Any:
    """Return the value of `text` under the parameter's JSON schema; an empty schema is no schema.

    Integers never pass through floats.
    """
    if text.strip().lower() == "null":
        return None
    types = schema_types(schema)
    if not types:
        return _container(text) if schema else text
    if types == {"boolean"}:
        return text.strip().lower() == "true"
    for kind in ("boolean", "integer", "number", "array", "object"):
        if kind in types:
            try:
                return _READERS[kind](text)
            except _Unread:
                continue
    return text


def schema_types(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the JSON types that a schema allows, also by unions; empty if it names none."""
    declared = schema.get("type")
    names: list[str] = [declared] if isinstance(declared, str) else list(declared or ())
    for union in ("anyOf", "oneOf"):
        for part in schema.get(union) or ():
            if isinstance(part, Mapping):
                names += sorted(schema_types(part))
    if not names and isinstance(schema.get("enum"), list):
        names = ["string"] if all(isinstance(v, str) for v in schema["enum"]) else []
    return frozenset(_ALIASES.get(str(name).lower(), str(name).lower()) for name in names)


def _container(text: str) -> Any:
    try:
        return _of_type(text, (dict, list))
    except _Unread:
        return text


def _boolean(text: str) -> bool:
    match text.strip().lower():
        case "true":
            return True
        case "false":
            return False
    raise _Unread


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(stripped := text.strip()):
        raise _Unread
    return int(stripped.partition(".")[0])


def _number(text: str) -> int | float:
    try:
        return _integer(text) if "." not in text else _finite(text)
    except _Unread:
        return _finite(text)


def _finite(text: str) -> float:
    try:
        value = float(text.replace("_", "?"))
    except ValueError:
        raise _Unread from None
    if not math.isfinite(value):
        raise _Unread
    return value


def _array(text: str) -> Any:
    return _of_type(text, (list,))


def _object(text: str) -> Any:
    return _of_type(text, (dict,))


def _of_type(text: str, kinds: tuple[type, ...]) -> Any:
    stripped = text.strip()
    if not stripped.startswith(("{", "[", "(")):
        raise _Unread
    try:
        value, end = decode_at(stripped, 0)
    except UnreadableJsonError:
        value, end = _literal(stripped), len(stripped)
    if end != len(stripped) or not isinstance(value, kinds):
        raise _Unread
    return value


def _literal(text: str) -> Any:
    if len(text) > _LONGEST_LITERAL:
        raise _Unread
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        raise _Unread from None
    return _as_json(value)


def _as_json(value: Any) -> Any:
    match value:
        case dict():
            if not all(isinstance(key, str) for key in value):
                raise _Unread
            return {key: _as_json(item) for key, item in value.items()}
        case list() | tuple():
            return [_as_json(item) for item in value]
        case str() | bool() | int() | None:
            return value
        case float() if math.isfinite(value):
            return value
    raise _Unread


_READERS = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "array": _array,
    "object": _object,
}
