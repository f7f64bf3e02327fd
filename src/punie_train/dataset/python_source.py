"""A parsed text: its nodes by type, and what stands in the text around a node."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from punie_train.dataset.python_rewrites import closing
from punie_train.dataset.python_tokens import Token, UnreadableError, read_tokens

_NEAR = 200


class Source:
    """A text and its syntax tree; positions of nodes are lines from 1 and UTF-8 bytes from 0."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.nodes = nodes_by_type(tree)
        self._read: set[tuple[int, int]] = set()

    def all(self, *types: type[ast.AST]) -> list[Any]:
        """Return the nodes of exactly these types."""
        return [node for each in types for node in self.nodes.get(each, ())]

    @cached_property
    def data(self) -> bytes:
        """The text in UTF-8."""
        return self.text.encode("utf-8", "replace")

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """Return where a position is in `data`."""
        return self._starts[min(line, len(self._starts)) - 1] + column

    def start(self, node: Any) -> int:
        """Return where a node starts in `data`."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        """Return where a node ends in `data`."""
        return self.offset(node.end_lineno, node.end_col_offset)

    def before(self, node: ast.AST) -> bytes:
        """Return the last character before a node that is no white space, if near."""
        start = self.start(node)
        return self.data[max(0, start - _NEAR) : start].rstrip()[-1:]

    def tokens(self, start: int, end: int) -> list[Token]:
        """Return the tokens between two places in `data`; none where they cannot be read."""
        try:
            return read_tokens(self.data[start:end].decode("utf-8", "replace"))
        except UnreadableError:
            return []

    def formatted(self, node: Any) -> list[Token]:
        """Return the tokens of an f-string, the first time it is asked for.

        Before 3.12 a format spec has the position of the whole string.
        """
        place = self.start(node), self.end(node)
        if place in self._read:
            return []
        self._read.add(place)
        return self.tokens(*place)

    def in_parentheses(self, node: ast.AST) -> bool:
        """Return whether a tuple's own parentheses are written."""
        if self.data[self.start(node) : self.start(node) + 1] != b"(":
            return False
        tokens = self.tokens(self.start(node), self.end(node))
        return bool(tokens) and closing(tokens, 0) == len(tokens) - 1


_WITHOUT_NODES = frozenset(
    (
        *("arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs"),
        *("level", "module", "n", "name", "ops", "rest", "s", "simple", "str"),
        *("type_comment", "type_ignores"),
    )
)
"""Fields that hold no node of interest."""
_NOTHING = type(None)
_FIELDS: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _WITHOUT_NODES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_FIELDS |= dict.fromkeys((ast.Constant, ast.Global, ast.Nonlocal, ast.MatchSingleton, _NOTHING), ())
_FIELDS |= {ast.BoolOp: ("values",), ast.UnaryOp: ("operand",)}


def nodes_by_type(tree: ast.AST) -> dict[type[ast.AST], list[Any]]:
    """Return every node of a tree, but contexts and comparisons, under its exact type."""
    found: defaultdict[type[Any], list[Any]] = defaultdict(list)
    waiting: list[Any] = [tree]
    pop, push, extend = waiting.pop, waiting.append, waiting.extend
    while waiting:
        node = pop()
        kind = node.__class__
        found[kind].append(node)
        for name in _FIELDS[kind]:
            value = getattr(node, name, None)
            if value.__class__ is list:
                extend(value)
            elif value is not None:
                push(value)
    found.pop(_NOTHING, None)
    return found


def nodes_in(
    roots: Iterable[ast.AST], *, stop: tuple[type[ast.AST], ...] = ()
) -> Iterable[ast.AST]:
    """Yield roots and what is below them, but not what is below a node of a type in `stop`."""
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, stop):
            waiting += ast.iter_child_nodes(node)
