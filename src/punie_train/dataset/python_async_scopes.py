"""Asynchronous comprehensions: which versions compile them depends on what is around them."""

import ast
from collections.abc import Iterator
from typing import Any

from punie_train.dataset.python_constructs import Construct
from punie_train.dataset.python_source import Source, nodes_in
from punie_train.dataset.python_syntax import construct

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, *_COMPREHENSIONS)


def async_constructs(source: Source) -> Iterator[Construct]:
    """Yield the comprehensions that 3.6 or the versions before 3.11 refuse where they stand."""
    if not source.nodes.get(ast.Await) and not any(
        node.is_async for node in source.nodes.get(ast.comprehension, ())
    ):
        return
    waiting: list[tuple[Any, bool, bool]] = [(source.tree, False, False)]
    while waiting:
        node, in_async, in_comprehension = waiting.pop()
        if isinstance(node, _COMPREHENSIONS):
            if _is_async(node):
                if isinstance(node, ast.GeneratorExp):
                    if not in_async:
                        yield construct("async generator expression in def", (3, 7), node)
                elif in_comprehension:
                    yield construct("async comprehension in a comprehension", (3, 11), node)
            first = node.generators[0].iter
            waiting.append((first, in_async, in_comprehension))
            inside = _is_async(node)
            waiting += [(each, inside, not inside) for each in _parts(node) if each is not first]
            continue
        if isinstance(node, _FUNCTIONS):
            in_async, in_comprehension = isinstance(node, ast.AsyncFunctionDef), False
        waiting += [(each, in_async, in_comprehension) for each in ast.iter_child_nodes(node)]


def _parts(node: Any) -> Iterator[ast.AST]:
    yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
    for each in node.generators:
        yield each.target
        yield each.iter
        yield from each.ifs


def _is_async(node: Any) -> bool:
    if any(each.is_async for each in node.generators):
        return True
    first = node.generators[0].iter
    own = [each for each in _parts(node) if each is not first]
    return any(isinstance(each, ast.Await) for each in nodes_in(own, stop=_SCOPES))
