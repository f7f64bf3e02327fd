"""Code that parses, but whose names the compiler refuses since a certain version."""

import ast
from collections.abc import Iterator
from typing import Any

from punie_train.dataset.python_constructs import PYTHON_TWO, Construct, Version
from punie_train.dataset.python_source import nodes_in

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def repair_symbols(tree: ast.Module) -> tuple[Construct, ...]:
    """Change a tree so that it compiles, where an older version would; return what was changed.

    `from x import *` in a function and `global` after a use are Python 2; a `yield` in a
    comprehension was refused from 3.8 on.
    """
    return tuple(
        found for scope in ast.walk(tree) for found in (*_scope(scope), *_comprehension(scope))
    )


def _scope(scope: Any) -> Iterator[Construct]:
    if not isinstance(scope, (*_FUNCTIONS, ast.ClassDef)):
        return
    declared: list[ast.stmt] = []
    inside = [each for each in nodes_in(scope.body, stop=_SCOPES) if not isinstance(each, _SCOPES)]
    for node in (scope, *inside):
        for body in _bodies(node):
            for at, each in enumerate(body):
                if isinstance(each, ast.ImportFrom) and each.names[0].name == "*":
                    yield _until("import * in a function", PYTHON_TWO, each)
                    body[at] = ast.copy_location(ast.Pass(), each)
                elif isinstance(each, ast.Global):
                    yield _until("global after a use", PYTHON_TWO, each)
                    declared.append(each)
                    body[at] = ast.copy_location(ast.Pass(), each)
    scope.body[:0] = declared


def _bodies(node: Any) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list):
            yield body


def _comprehension(node: Any) -> Iterator[Construct]:
    if not isinstance(node, _COMPREHENSIONS):
        return
    for part in nodes_in([node], stop=(*_FUNCTIONS, ast.Lambda)):
        for name, value in list(ast.iter_fields(part)):
            if isinstance(value, ast.Yield | ast.YieldFrom):
                yield _until("yield in a comprehension", (3, 7), value)
                setattr(part, name, value.value or ast.copy_location(ast.Constant(None), value))


def _until(name: str, until: Version, node: Any) -> Construct:
    return Construct(name=name, line=node.lineno, until=until)
