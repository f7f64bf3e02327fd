"""One tool of a row: is its definition sound, and do arguments fit it?"""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from punie_train.dataset.json_schemas import (
    ArgumentFault,
    Misfit,
    schema_checker,
    schema_fault,
    schema_misfits,
)
from punie_train.dataset.simple_schemas import SimpleSchema, simple_schema

KEPT = 4096
"""Definitions that are remembered, each with its compiled schema."""

_ELSEWHERE = ("$ref", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas")


class ToolDefinition:
    """A tool as a row writes it; `fault` says in words why it is none."""

    def __init__(self, entry: Any) -> None:
        """Take the JSON value of one entry of `tools`."""
        function = entry.get("function", entry) if isinstance(entry, Mapping) else None
        name = function.get("name") if isinstance(function, Mapping) else None
        self.name: str | None = name if isinstance(name, str) and name else None
        self._parameters = function.get("parameters") if isinstance(function, Mapping) else None
        self._kind = entry.get("type", "function") if isinstance(entry, Mapping) else None

    @property
    def sound(self) -> bool:
        """Say whether the definition can be used."""
        return self.fault is None

    @cached_property
    def fault(self) -> str | None:
        """Return what is wrong with the definition, or None."""
        if self._kind is None:
            return "it is no object"
        if self.name is None:
            return "it has no name"
        if self._kind != "function":
            return f"its type is {str(self._kind)[:40]!r} instead of 'function'"
        return schema_fault(self._parameters)

    @cached_property
    def simple(self) -> SimpleSchema | None:
        """Return the schema in the form that is checked fastest, where it has that form."""
        return simple_schema(self._parameters) if self.sound else None

    def surely_fits(self, arguments: Mapping[str, Any]) -> bool:
        """Say whether nothing is wrong with the arguments; False asks for `misfits`."""
        return self.simple is not None and self.simple.surely_fits(arguments)

    def misfits(self, arguments: Mapping[str, Any]) -> Iterator[Misfit]:
        """Yield what is wrong with the arguments of a call; nothing for an unsound definition."""
        if not self.sound or self.surely_fits(arguments):
            return
        for name in self._outside(arguments):
            yield Misfit(ArgumentFault.OUTSIDE, f"the argument {name[:60]!r} is not in its schema")
        if self._checker is not None:
            yield from schema_misfits(self._checker, arguments)

    def _outside(self, arguments: Mapping[str, Any]) -> list[str]:
        schema = self._parameters or {}
        if schema.get("additionalProperties") not in (None, False) or any(
            word in schema for word in _ELSEWHERE
        ):
            return []
        known = schema.get("properties") or {}
        return [name for name in arguments if name not in known]

    @cached_property
    def _checker(self) -> Any:
        return schema_checker(self._parameters) if self._parameters else None


@lru_cache(maxsize=KEPT)
def tool_definition(raw: bytes) -> ToolDefinition:
    """Return the tool in the JSON text of one entry of `tools`."""
    return ToolDefinition(json.loads(raw))
