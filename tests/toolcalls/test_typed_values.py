"""The text of a parameter as a value of the schema's type."""

from typing import Any

import pytest

from punie_train.toolcalls.typed_values import schema_types, value_from_text

ROWS: list[tuple[str, dict[str, Any], Any]] = [
    ("plain", {}, "plain"),
    ("12", {}, "12"),
    ("12", {"type": "string"}, "12"),
    ("12", {"type": "integer"}, 12),
    (" 12 ", {"type": "integer"}, 12),
    ("+12", {"type": "integer"}, 12),
    ("-7", {"type": "int"}, -7),
    ("007", {"type": "integer"}, 7),
    ("5.0", {"type": "integer"}, 5),
    ("5.5", {"type": "integer"}, "5.5"),
    ("1_000", {"type": "integer"}, "1_000"),
    ("9007199254740993", {"type": "integer"}, 9007199254740993),
    ("9007199254740993", {"type": "number"}, 9007199254740993),
    ("9" * 5000, {"type": "integer"}, "9" * 5000),
    ("2.5", {"type": "number"}, 2.5),
    ("1e3", {"type": "number"}, 1000.0),
    ("inf", {"type": "number"}, "inf"),
    ("nan", {"type": "float"}, "nan"),
    ("1_0.5", {"type": "number"}, "1_0.5"),
    ("true", {"type": "boolean"}, True),
    ("FALSE", {"type": "bool"}, False),
    ("yes", {"type": "boolean"}, False),
    ("yes", {"type": ["boolean", "string"]}, "yes"),
    ("null", {"type": "string"}, None),
    ("NULL", {"type": "integer"}, None),
    ("3", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, 3),
    ("3", {"oneOf": [{"type": "string"}, {"type": "number"}]}, 3),
    ("x", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "x"),
    ("[1, 2]", {"type": "array"}, [1, 2]),
    ("(1, 2)", {"type": "array"}, [1, 2]),
    ("[1, 2", {"type": "array"}, "[1, 2"),
    ("{'a': (1, None)}", {"type": "object"}, {"a": [1, None]}),
    ("{1: 2}", {"type": "object"}, "{1: 2}"),
    ("{1, 2}", {"type": "object"}, "{1, 2}"),
    ('{"a": 1} x', {"type": "object"}, '{"a": 1} x'),
    ('{"a": 1}', {"description": "no type"}, {"a": 1}),
    ("7", {"description": "no type"}, "7"),
    ("b", {"enum": ["a", "b"]}, "b"),
    ("[" * 30_000, {"type": "array"}, "[" * 30_000),
    ("['" + "\\d" + "']", {"type": "array"}, ["\\d"]),
]


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [pytest.param(*row, id=f"{row[0][:16]}-as-{row[1].get('type', 'any')}") for row in ROWS],
)
def test_values_take_the_type_of_the_schema(text: str, schema: dict[str, Any], value: Any) -> None:
    """Each text becomes the value that the schema asks for, or stays text."""
    got = value_from_text(text, schema)
    assert got == value
    assert type(got) is type(value)


def test_types_are_found_through_unions() -> None:
    """A union allows the types of all of its parts; a schema without types allows none."""
    nested = {"anyOf": [{"type": ["string", "null"]}, {"oneOf": [{"type": "int"}]}]}
    assert schema_types(nested) == {"string", "null", "integer"}
    assert schema_types({}) == frozenset()
