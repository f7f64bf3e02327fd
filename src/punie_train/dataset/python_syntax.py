"""Syntax of Python 3 and the version that brought it, read off a tree and its text.

Sources: the grammar chapters of the language reference and "What's New" of each version, held
against what the interpreters compile: `with (open(a) as b):` and `{x := 1}` work from 3.9 on,
though documented for 3.10.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from punie_train.dataset.python_constructs import MEANT_ANEW, PYTHON_TWO, Construct, Version
from punie_train.dataset.python_rewrites import closing
from punie_train.dataset.python_source import Source, nodes_in
from punie_train.dataset.python_tokens import Kind

BY_NODE: dict[str, tuple[str, Version]] = {
    "AsyncFunctionDef": ("async def", (3, 5)),
    "AsyncFor": ("async for", (3, 5)),
    "AsyncWith": ("async with", (3, 5)),
    "Await": ("await", (3, 5)),
    "AnnAssign": ("annotated variable", (3, 6)),
    "JoinedStr": ("f-string", (3, 6)),
    "MatMult": ("matrix multiplication", (3, 5)),
    "Match": ("match statement", (3, 10)),
    "NamedExpr": (":=", (3, 8)),
    "Nonlocal": ("nonlocal", (3, 0)),
    "TemplateStr": ("template string", (3, 14)),
    "TryStar": ("except*", (3, 11)),
    "TypeAlias": ("type statement", (3, 12)),
    "YieldFrom": ("yield from", (3, 3)),
}
"""Nodes that are a construct by themselves, by the name of their type."""

FUTURES: dict[str, Version] = {
    "annotations": (3, 7),
    "generator_stop": (3, 5),
    "barry_as_FLUFL": (3, 1),
}
MOST_ARGUMENTS = 255
"""In a call or a definition, before 3.7."""


def constructs_of(source: Source) -> Iterator[Construct]:
    """Yield the constructs of a text that some version of 3 does not know, or 2.7 does not."""
    for found, nodes in source.nodes.items():
        if known := BY_NODE.get(found.__name__):
            yield construct(*known, *nodes)
        if rule := _RULES.get(found):
            for node in nodes:
                yield from rule(node, source)


def construct(name: str, since: Version, *nodes: ast.AST) -> Construct:
    """Return a construct at the first of some nodes."""
    lines = [line for node in nodes if (line := getattr(node, "lineno", None))]
    return Construct(name=name, line=min(lines, default=1), since=since)


Found = Iterator[Construct]


def _function(node: Any, source: Source) -> Found:
    yield from _decorators(node, source)
    yield from _type_parameters(node)
    if node.returns:
        yield construct("annotation", (3, 0), node.returns)


def _class(node: Any, source: Source) -> Found:
    yield from _decorators(node, source)
    yield from _type_parameters(node)
    if node.keywords or any(isinstance(base, ast.Starred) for base in node.bases):
        yield construct("keyword in the bases of a class", (3, 0), node)


def _type_parameters(node: Any, _source: Source | None = None) -> Found:
    parameters = getattr(node, "type_params", ())
    if parameters:
        yield construct("type parameters", (3, 12), node)
    if any(getattr(each, "default_value", None) for each in parameters):
        yield construct("default of a type parameter", (3, 13), node)


def _decorators(node: Any, source: Source) -> Found:
    for decorator in node.decorator_list:
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        while isinstance(name, ast.Attribute):
            name = name.value
        if not isinstance(name, ast.Name) or source.before(decorator) != b"@":
            yield construct("decorator that is any expression", (3, 9), decorator)


def _arguments(node: Any, _source: Source) -> Found:
    if node.posonlyargs:
        yield construct("positional-only parameter", (3, 8), *node.posonlyargs)
    if node.kwonlyargs:
        yield construct("keyword-only parameter", (3, 0), *node.kwonlyargs)
    named = [*node.posonlyargs, *node.args, *node.kwonlyargs]
    if len(named) > MOST_ARGUMENTS:
        yield construct(f"more than {MOST_ARGUMENTS} parameters", (3, 7), named[0])
    for one in (*named, node.vararg, node.kwarg):
        if one and one.annotation:
            yield construct("annotation", (3, 0), one)
    if node.vararg and isinstance(node.vararg.annotation, ast.Starred):
        yield construct("* in an annotation", (3, 11), node.vararg)


def _call(node: Any, _source: Source) -> Found:
    if len(node.args) + len(node.keywords) > MOST_ARGUMENTS:
        yield construct(f"more than {MOST_ARGUMENTS} arguments", (3, 7), node)


def _with(node: Any, source: Source) -> Found:
    word = b"async with" if isinstance(node, ast.AsyncWith) else b"with"
    start = source.start(node)
    if not source.data[start + len(word) :].lstrip(b" \t\\\n").startswith(b"("):
        return
    tokens = source.tokens(start, source.start(node.body[0]))
    opening = next((at for at, token in enumerate(tokens) if token.text == "("), None)
    if opening is None:
        return
    end = closing(tokens, opening)
    inside = (token for token in tokens[opening:end] if token.kind is Kind.NAME)
    if tokens[end + 1 :][:1] and tokens[end + 1].text == ":":
        depth = tokens[opening].depth + 1
        if any(token.text == "as" and token.depth == depth for token in inside):
            yield construct("parenthesized context managers", (3, 9), node)


def _value(node: Any, source: Source) -> Found:
    """`return *a, b` and `yield *a, b`, 3.8; `x: int = 1, 2`, 3.8; `x += *a, b`, 3.9."""
    value = node.value
    if isinstance(node, ast.AnnAssign) and isinstance(value, ast.Yield | ast.YieldFrom):
        if source.before(value) != b"(":
            yield construct("yield as an annotated value", (3, 8), value)
    elif isinstance(value, ast.Tuple) and not source.in_parentheses(value):
        if isinstance(node, ast.AugAssign):
            if _has_star(value):
                yield construct("* in an augmented assignment", (3, 9), value)
        elif isinstance(node, ast.AnnAssign) or _has_star(value):
            yield construct("tuple without parentheses", (3, 8), value)


def _has_star(node: Any) -> bool:
    return any(isinstance(each, ast.Starred) for each in node.elts)


def _for(node: Any, source: Source) -> Found:
    values = node.iter
    if isinstance(values, ast.Tuple) and _has_star(values) and not source.in_parentheses(values):
        yield construct("* in a loop's values", (3, 9), values)


def _subscript(node: Any, source: Source) -> Found:
    index = node.slice
    if isinstance(index, ast.Tuple) and _has_star(index) and not source.in_parentheses(index):
        yield construct("* in an index", (3, 11), index)
    for each in index.elts if isinstance(index, ast.Tuple) else (index,):
        if isinstance(each, ast.NamedExpr) and source.before(each) in (b"[", b","):
            yield construct(":= in an index", (3, 10), each)


def _display(node: Any, source: Source) -> Found:
    if _has_star(node):
        name, since = (
            ("* in a display", (3, 5))
            if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
            else ("* in a target", (3, 0))
        )
        yield construct(name, since, node)
    if isinstance(node, ast.Set):
        for each in node.elts:
            if isinstance(each, ast.NamedExpr) and source.before(each) in (b"{", b","):
                yield construct(":= in a set", (3, 9), each)


def _set_comprehension(node: Any, source: Source) -> Found:
    if isinstance(node.elt, ast.NamedExpr) and source.before(node.elt) == b"{":
        yield construct(":= in a set", (3, 9), node.elt)


def _dict(node: Any, _source: Source) -> Found:
    if None in node.keys:
        yield construct("** in a display", (3, 5), node)


def _raise(node: Any, _source: Source) -> Found:
    if node.cause:
        yield construct("raise ... from", (3, 0), node)


def _import_from(node: Any, _source: Source) -> Found:
    if node.module == "__future__" and not node.level:
        for alias in node.names:
            if alias.name in FUTURES:
                yield construct(f"from __future__ import {alias.name}", FUTURES[alias.name], node)


def _try(node: Any, _source: Source) -> Found:
    for each in nodes_in(node.finalbody, stop=(*_LOOPS, *_SCOPES)):
        if isinstance(each, ast.Continue):
            yield construct("continue in finally", (3, 8), each)
        elif isinstance(each, _LOOPS):
            inner = nodes_in(each.orelse, stop=(*_LOOPS, *_SCOPES))
            if any(isinstance(other, ast.Continue) for other in inner):
                yield construct("continue in finally", (3, 8), each)


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def _handler(node: Any, source: Source) -> Found:
    if isinstance(node.type, ast.Tuple) and not source.in_parentheses(node.type):
        parts = node.type.elts
        if len(parts) == 2 and not node.name and isinstance(parts[1], _TARGETS):
            yield Construct(
                name="except E, e", line=node.lineno, until=PYTHON_TWO, again=MEANT_ANEW
            )
        else:
            yield construct("except A, B without parentheses", MEANT_ANEW, node)


_TARGETS = (ast.Name, ast.Attribute, ast.Subscript, ast.Tuple, ast.List)


def _formatted(node: Any, source: Source) -> Found:
    if any(isinstance(e, ast.Await) or getattr(e, "is_async", False) for e in nodes_in([node])):
        yield construct("await in an f-string", (3, 7), node)
    for token in source.formatted(node):
        if token.nested:
            yield construct("f-string with nested quotes", (3, 12), node)
        if token.debug:
            yield construct("f-string with =", (3, 8), node)


_RULES: dict[type[ast.AST], Callable[[Any, Source], Iterable[Construct]]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.arguments: _arguments,
    ast.Call: _call,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Return: _value,
    ast.Yield: _value,
    ast.AnnAssign: _value,
    ast.AugAssign: _value,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.Subscript: _subscript,
    ast.Tuple: _display,
    ast.List: _display,
    ast.Set: _display,
    ast.SetComp: _set_comprehension,
    ast.Dict: _dict,
    ast.Raise: _raise,
    ast.ImportFrom: _import_from,
    ast.Try: _try,
    ast.ExceptHandler: _handler,
    ast.JoinedStr: _formatted,
}
if alias := getattr(ast, "TypeAlias", None):
    _RULES[alias] = _type_parameters
