"""Patterns of a tool's schema mean what the standard says, and come to an end."""

from typing import Any

import pytest

from punie_train.dataset import schema_patterns
from punie_train.dataset.json_schemas import schema_checker, schema_fault, schema_misfits


def facts(schema: dict[str, Any], arguments: dict[str, Any]) -> list[str]:
    """Return what is wrong with arguments under a schema of an object."""
    schema = {"type": "object", **schema}
    assert schema_fault(schema) is None
    return [one.fact for one in schema_misfits(schema_checker(schema), arguments)]


def of_path(pattern: str) -> dict[str, Any]:
    """Return a schema whose `path` has a pattern."""
    return {"properties": {"path": {"pattern": pattern}}}


@pytest.mark.parametrize(
    ("schema", "arguments", "wrong"),
    [
        (of_path(r"^[a-z/]+\.py$"), {"path": "a/b.py"}, []),
        (of_path(r"^[a-z/]+\.py$"), {"path": "A.py"}, ["'path' breaks the rule 'pattern'"]),
        (of_path("b"), {"path": "abc"}, []),
        (of_path("^a$"), {"path": 3}, []),
        ({"patternProperties": {"^x": {"type": "string"}}}, {"x1": "a", "y": 2}, []),
        ({"patternProperties": {"^x": {"type": "string"}}}, {"x1": 2}, ["'x1' is a JSON number"]),
        ({"additionalProperties": {"type": "string"}}, {"any": 1}, ["'any' is a JSON number"]),
        ({"additionalProperties": {"type": "string"}}, {"any": "a"}, []),
        (
            {
                "properties": {
                    "o": {"patternProperties": {"^x": {}}, "additionalProperties": False},
                }
            },
            {"o": {"x": 1, "y": 2}},
            ["'o' breaks the rule 'additionalProperties'"],
        ),
    ],
)
def test_keywords(schema: dict[str, Any], arguments: dict[str, Any], wrong: list[str]) -> None:
    """They are found anywhere in a string, and say nothing of what is none."""
    found = facts(schema, arguments)
    assert len(found) == len(wrong)
    assert all(words in fact for words, fact in zip(wrong, found, strict=True))


def test_a_pattern_that_python_never_ends_is_judged() -> None:
    """Forty letters under this one take Python's own engine hours (F46)."""
    (fact,) = facts(of_path("^(a+)+$"), {"path": "a" * 40 + "!"})
    assert "'path' breaks the rule 'pattern'" in fact
    assert facts(of_path("^(a+)+$"), {"path": "a" * 40}) == []


def test_a_pattern_without_an_end_is_told_once_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its arguments stay unjudged, and no second row waits for it."""
    monkeypatch.setattr(schema_patterns, "PATIENCE", 0.05)
    endless = "(.*a){12}b$"
    (fact,) = facts(of_path(endless), {"path": "a" * 3000})
    assert "comes to no end" in fact
    assert endless in schema_patterns._endless
    (fact,) = facts(of_path(endless), {"path": "short"})
    assert "comes to no end" in fact
    schema_patterns._endless.discard(endless)
    assert facts(of_path(endless), {"path": "a" * 12 + "b"}) == []
