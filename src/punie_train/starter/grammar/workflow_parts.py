"""What requests over several results are made of."""

from random import Random

from punie_train.starter.grammar.names import Names
from punie_train.starter.grammar.nouns import PYTEST, TOOLS, TYPECHECK, Tool
from punie_train.starter.grammar.requests import path_for


def assigned(variable: str, tool: Tool, path: str) -> str:
    """Return code that keeps a tool's result in a variable."""
    return f'{variable} = {tool.name}("{path}")'


def some_tools(rng: Random, count: int = 2) -> list[Tool]:
    """Return different typed tools in random order."""
    return rng.sample(TOOLS, k=count)


def shared_path(names: Names, tools: list[Tool]) -> str:
    """Return a path that all the tools can be run on."""
    return path_for(names, PYTEST if PYTEST in tools and names.rng.random() < 0.4 else TYPECHECK)


def short_name(tool: Tool) -> str:
    """Return words for a tool without its verb."""
    return {
        "typecheck": "(the type checker|the type check|a type check|typecheck|type checking)",
        "ruff_check": "(ruff|the linter|a lint check|ruff check|linting)",
        "pytest_run": "(the tests|pytest|the test suite|the unit tests|its tests)",
    }[tool.name]
