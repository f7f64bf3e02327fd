"""Habits that run on every version, but that a version of 3 replaced by something better.

`%` formatting and `str.format` are none of them, nor are aliases of `typing` beyond the containers,
`Optional` and `Union`: they stand in code of today.
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from punie_train.dataset.python_constructs import Idiom, Version
from punie_train.dataset.python_source import Source
from punie_train.dataset.python_two_names import bound_names, imported_modules

ALIASES: dict[str, Version] = {
    **dict.fromkeys(("List", "Dict", "Tuple", "Set", "FrozenSet", "Type"), (3, 9)),
    **dict.fromkeys(("Deque", "DefaultDict", "OrderedDict", "Counter"), (3, 9)),
    **dict.fromkeys(("Optional", "Union"), (3, 10)),
}
"""Names of `typing` and the version in which a builtin or `|` does the same."""
_WITHOUT_IMPORT = frozenset(("List", "Dict", "Tuple", "FrozenSet", "Optional", "Union"))
MODULES: dict[str, Version] = {
    **dict.fromkeys(("six", "past", "future"), (3, 0)),
    "imp": (3, 4),
    "distutils": (3, 10),
}
_KEPT_FUTURES = frozenset(("annotations", "generator_stop"))
_COOKIE = re.compile(r"[ \t\f]*#[^\n]{0,80}?coding[:=]")
_TYPE_COMMENT = re.compile(r"#[ \t]*+type:[ \t]*+(?!ignore)\S")

Found = Iterator[Idiom]


def old_style(source: Source) -> Found:
    """Yield the old habits of a text, those of comments first."""
    yield from _comments(source.text)
    yield from _aliases_without_import(source)
    yield from _attributes(source)
    for name, node in imported_modules(source):
        if name in MODULES:
            yield Idiom(name=f"import {name}", line=node.lineno, replaced=MODULES[name])
    for kind, rule in _RULES.items():
        for node in source.nodes.get(kind, ()):
            yield from rule(node)


def _comments(text: str) -> Found:
    for number, line in enumerate(text.split("\n", 2)[:2], start=1):
        if _COOKIE.match(line):
            yield Idiom(name="coding comment", line=number, replaced=(3, 0))
    if "type:" in text and (match := _TYPE_COMMENT.search(text)):
        line = text.count("\n", 0, match.start()) + 1
        yield Idiom(name="type comment", line=line, replaced=(3, 6))


def _aliases_without_import(source: Source) -> Found:
    """`List[...]` in a text that binds no `List`, as in a function without its imports."""
    found: list[Any] = [node for node in source.all(ast.Subscript) if _has_alias(node)]
    if found:
        bound = bound_names(source)
        for node in found:
            if node.value.id not in bound:
                yield _alias(node.value.id, node)


def _has_alias(subscript: Any) -> bool:
    return isinstance(subscript.value, ast.Name) and subscript.value.id in _WITHOUT_IMPORT


def _alias(name: str, node: Any) -> Idiom:
    return Idiom(name=f"typing.{name}", line=node.lineno, replaced=ALIASES[name])


def _of_two(name: str, node: Any) -> Idiom:
    return Idiom(name=name, line=node.lineno, replaced=(3, 0))


def _attributes(source: Source) -> Found:
    """`typing.List`, whatever `typing` is imported as, and `six.moves`."""
    typing = {"typing"} | {
        alias.asname
        for one in source.all(ast.Import)
        for alias in one.names
        if alias.name == "typing" and alias.asname
    }
    for node in source.all(ast.Attribute):
        if not isinstance(node.value, ast.Name):
            continue
        if node.value.id in typing and node.attr in ALIASES:
            yield _alias(node.attr, node)
        elif node.value.id == "six":
            yield _of_two("import six", node)


def _import_from(node: Any) -> Found:
    names = [alias.name for alias in node.names]
    if node.module == "typing":
        yield from (_alias(name, node) for name in names if name in ALIASES)
    elif node.module == "__future__":
        for name in names:
            if name not in _KEPT_FUTURES:
                yield _of_two(f"from __future__ import {name}", node)


def _call(node: Any) -> Found:
    if isinstance(node.func, ast.Name) and node.func.id == "super" and len(node.args) == 2:
        yield _of_two("super(Class, self)", node)


def _class(node: Any) -> Found:
    if any(isinstance(base, ast.Name) and base.id == "object" for base in node.bases):
        yield _of_two("class A(object)", node)


def _constant(node: Any) -> Found:
    if node.kind == "u":
        yield _of_two("u string", node)


def _name(node: Any) -> Found:
    if node.id == "__metaclass__":
        yield _of_two("__metaclass__", node)


def _compare(node: Any) -> Found:
    """`sys.version_info[0] == 2`, `sys.version_info < (3,)`; `>= (3, 12)` is no such question."""
    left, right = node.left, node.comparators[0]
    if isinstance(left, ast.Subscript):
        left = left.value
    if not (isinstance(left, ast.Attribute) and left.attr == "version_info"):
        return
    numbers = right.elts if isinstance(right, ast.Tuple) else [right]
    major, *rest = [getattr(each, "value", None) for each in numbers] or [None]
    if major == 2 or (major == 3 and rest in ([], [0])):
        yield _of_two("asks for Python 2", node)


_RULES: dict[type[ast.AST], Callable[[Any], Found]] = {
    ast.Call: _call,
    ast.ClassDef: _class,
    ast.Compare: _compare,
    ast.Constant: _constant,
    ast.ImportFrom: _import_from,
    ast.Name: _name,
}
