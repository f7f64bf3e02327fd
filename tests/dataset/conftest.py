"""Real code to plant things in: the functions of the running interpreter's standard library."""

import ast
import json
import random
import sysconfig
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.inputs import Split
from punie_train.dataset.rows import Row, row_of

LEFT_OUT = {"site-packages", "test", "tests", "idlelib", "lib2to3", "turtledemo"}
COUNT = 3000


@pytest.fixture(scope="session")
def functions() -> list[str]:
    """Return the sources of 3,000 different functions, in a fixed random order."""
    root = Path(sysconfig.get_path("stdlib"))
    files = [
        path
        for path in sorted(root.rglob("*.py"))
        if not LEFT_OUT & set(path.relative_to(root).parts)
    ]
    random.Random(1).shuffle(files)
    found: dict[str, None] = {}
    for path in files:
        if len(found) >= COUNT:
            break
        found.update(dict.fromkeys(_functions(path)))
    assert len(found) >= COUNT
    return list(found)[:COUNT]


@pytest.fixture(scope="session")
def documented(functions: list[str]) -> list[tuple[str, str]]:
    """Return docstring and source of each function that has both."""
    return [(doc, source) for source in functions if (doc := _docstring(source))]


@pytest.fixture
def rows() -> Callable[..., list[Row]]:
    """Return a maker of rows that stand in train.jsonl, one a line from 1."""

    def make(*values: dict[str, Any]) -> list[Row]:
        split = Split(name="train", path=Path("train.jsonl"))
        return [
            row_of(json.dumps(value).encode(), split, line)
            for line, value in enumerate(values, start=1)
        ]

    return make


def _docstring(source: str) -> str | None:
    try:
        tree = ast.parse(source).body[0]
    except SyntaxError:
        return None
    return ast.get_docstring(tree) if isinstance(tree, ast.FunctionDef) else None


def _functions(path: Path) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError):
        return
    lines = text.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 4:
            yield textwrap.dedent("".join(lines[node.lineno - 1 : node.end_lineno]))
