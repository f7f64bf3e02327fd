"""A case: a prompt, what the right answer holds, and the suite they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from punie_train.core.messages import Message
from punie_train.core.tool_specs import ToolSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Several right values for one argument, which may be left out when it is `optional`."""

    values: tuple[Any, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCall:
    """A call that the right answer makes; argument values are plain or `AnyOf`."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a right answer holds; an empty part is not asked for.

    `calls`: all calls of the whole loop, in any order. `code`: typed tools that the code of one
    `execute_code` call must call. `fields`: dotted fields that the code must read, each entry a
    tuple of alternatives. `keywords`: likewise for the text. `no_call`: no tool may be called.
    """

    calls: tuple[ExpectedCall, ...] = ()
    code: tuple[ExpectedCall, ...] = ()
    fields: tuple[tuple[str, ...], ...] = ()
    keywords: tuple[tuple[str, ...], ...] = ()
    no_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One evaluation case; `results` scripts tool results by tool name, used in turn.

    `scorers` are the names of those that decide; without any, what is expected decides.
    """

    id: str
    suite: str
    category: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...]
    expect: Expectation
    tags: tuple[str, ...] = ()
    results: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    max_turns: int = 1
    scorers: tuple[str, ...] = ()
    path: Path
    line: int
    content_hash: str
    """SHA-256 over everything that decides prompt and score; file and line are left out."""
    request_hash: str = ""
    """SHA-256 over what the model is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The cases of one file, in file order."""

    name: str
    path: Path
    cases: tuple[Case, ...]
