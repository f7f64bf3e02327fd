"""What a model is told about a tool."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolSpec:
    """A tool: name, description and the JSON schema (an object schema) of its parameters."""

    name: str
    description: str
    parameters: Mapping[str, Any]

    def to_openai(self) -> dict[str, Any]:
        """Return the tool as OpenAI's chat API writes it."""
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.description,
                "parameters": dict(self.parameters),
            },
        }

    @property
    def required(self) -> frozenset[str]:
        """Return the names of the parameters that every call must give."""
        return frozenset(self.parameters.get("required", ()))
