"""The result of reading a program."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Computed:
    """An argument that only a run of the code would tell."""

    def __str__(self) -> str:
        return "(computed by the code)"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCall:
    """A call of a tool in the code: arguments by parameter name, and the line, from 1."""

    name: str
    arguments: tuple[tuple[str, Any], ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReading:
    """The calls of a program and the fields of typed results that it reads.

    Fields are written `ruff_check.success` and `ruff_check.violations.line`; `unknown_fields` do
    not exist. `mentioned` are the words of comments and strings, which read nothing. `problem` says
    why the program cannot be read, if so.
    """

    calls: tuple[CodeCall, ...] = ()
    fields: frozenset[str] = frozenset()
    unknown_fields: tuple[str, ...] = ()
    mentioned: frozenset[str] = frozenset()
    problem: str | None = None
