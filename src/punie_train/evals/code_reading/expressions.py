"""Follow the values of expressions."""

import ast
from collections.abc import Callable, Iterator, Sequence

from punie_train.evals.code_mode import CODE_FUNCTIONS
from punie_train.evals.code_reading.abstract import (
    LONGEST_TEXT,
    MOST_TEXTS,
    UNKNOWN,
    Constant,
    Function,
    Getter,
    Library,
    Scope,
    Tool,
    Values,
    add,
    constants,
    element_at,
    elements_of,
    iterations,
    many,
    one,
    sequence,
    table,
    union,
    unpacked,
)
from punie_train.evals.code_reading.library import FUNCTIONS, METHODS, Arguments, added_by
from punie_train.evals.code_reading.recorder import Recorder


class Expressions(Recorder):
    """The values of expressions, recording calls of tools and fields read on the way."""

    def __init__(self) -> None:
        """Start outside of any generator."""
        super().__init__()
        self.yields: list[Values] = []

    def run_function(
        self, function: Function, positional: Sequence[Values], named: dict[str, Values]
    ) -> Values:
        """Return what a function of the program returns."""
        raise NotImplementedError

    def value(  # noqa: C901, PLR0911, PLR0912 - a table: one case for each kind of expression
        self, node: ast.expr | None, scope: Scope
    ) -> Values:
        """Return what an expression may be."""
        self.step()
        match node:
            case None:
                return UNKNOWN
            case ast.Constant(value=str() | int() | float() | None as plain):
                return one(Constant(plain))
            case ast.Name(id=name):
                return scope[name] if name in scope else _global(name)
            case ast.Attribute(value=owner, attr=field):
                return self.read(self.value(owner, scope), field)
            case ast.Call():
                return self._call(node, scope)
            case ast.Subscript(value=owner, slice=ast.Slice() as part):
                self._children(part, scope)
                return self.value(owner, scope)
            case ast.Subscript(value=owner, slice=index):
                held = self.value(owner, scope)
                return element_at(held, self.value(index, scope))
            case ast.JoinedStr(values=parts):
                return self._text(parts, scope)
            case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
                return add(self.value(left, scope), self.value(right, scope))
            case ast.BoolOp(values=parts):
                return union([self.value(part, scope) for part in parts])
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.value(test, scope)
                return self.value(body, scope) | self.value(orelse, scope)
            case ast.NamedExpr(target=target, value=inner):
                scope[target.id] = self.value(inner, scope)
                return scope[target.id]
            case ast.Await(value=inner) | ast.Starred(value=inner):
                return self.value(inner, scope)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return one(Constant(-number))
            case ast.List() | ast.Tuple() | ast.Set():
                return self._display(node.elts, scope)
            case ast.Dict(keys=keys, values=values):
                return self._dictionary(keys, values, scope)
            case ast.Lambda():
                return one(Function(node, scope))
            case ast.Yield(value=inner):
                self.yields.append(self.value(inner, scope))
                return UNKNOWN
            case ast.YieldFrom(value=inner):
                self.yields.append(elements_of(self.value(inner, scope)))
                return UNKNOWN
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._comprehension(
                    node.generators, lambda s: self.value(node.elt, s), scope
                )
            case ast.DictComp():
                return self._dict_comprehension(node, scope)
        self._children(node, scope)
        return UNKNOWN

    def apply(
        self,
        function: Values,
        positional: Sequence[Values],
        named: dict[str, Values] | None = None,
        *,
        line: int = 0,
    ) -> Values:
        """Return what calling any of the function values may give."""
        named = named or {}
        results: list[Values] = []
        for value in function:
            match value:
                case Tool(name):
                    results.append(self.call_tool(name, positional, named, line))
                case Function():
                    results.append(self.run_function(value, positional, named))
                case Getter(fields):
                    owner = positional[0] if positional else UNKNOWN
                    results += [self.read_path(owner, field) for field in fields]
                case Library(name):
                    call = Arguments(positional=tuple(positional), named=named, apply=self.apply)
                    results.append(FUNCTIONS[name](call))
        return union(results)

    def _call(self, node: ast.Call, scope: Scope) -> Values:
        receiver = UNKNOWN
        match node.func:
            case ast.Attribute(value=owner, attr=method):
                receiver = self.value(owner, scope)
                function = self.read(receiver, method)
                if not receiver and method in FUNCTIONS:
                    function = one(Library(method))
            case _:
                method = ""
                function = self.value(node.func, scope)
        positional = tuple(self._arguments(node.args, scope))
        named = {keyword.arg or "**": self.value(keyword.value, scope) for keyword in node.keywords}
        if isinstance(node.func, ast.Name) and node.func.id == "getattr" and not function:
            return self._getattr(positional)
        if method:
            call = Arguments(positional=positional, named=named, apply=self.apply)
            if isinstance(node.func, ast.Attribute) and (added := added_by(method, call)):
                self.put(node.func.value, added, scope)
            if receiver and method in METHODS:
                return METHODS[method](receiver, call)
        return self.apply(function, positional, named, line=node.lineno)

    def _arguments(self, nodes: list[ast.expr], scope: Scope) -> Iterator[Values]:
        for node in nodes:
            values = self.value(node, scope)
            if isinstance(node, ast.Starred):
                yield from iterations(values) or (elements_of(values),)
            else:
                yield values

    def _getattr(self, positional: tuple[Values, ...]) -> Values:
        if len(positional) < 2:
            return UNKNOWN
        names = [name for name in constants(positional[1]) if isinstance(name, str)]
        return union([self.read(positional[0], name) for name in names])

    def put(self, container: ast.expr, added: Values, scope: Scope) -> None:
        """Add elements to the variable that a container expression belongs to."""
        root, direct = container, isinstance(container, ast.Name)
        while not isinstance(root, ast.Name):
            match root:
                case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                    root = inner
                case _:
                    return
        held = many(added) if direct else many(many(added))
        scope[root.id] = scope.get(root.id, UNKNOWN) | held

    def _text(self, parts: list[ast.expr], scope: Scope) -> Values:
        text: list[str] | None = [""]
        for part in parts:
            match part:
                case ast.FormattedValue(value=inner, conversion=conversion, format_spec=spec):
                    choices = constants(self.value(inner, scope))
                    self.value(spec, scope)
                    if conversion != -1 or spec is not None:
                        choices = []
                case _:
                    choices = constants(self.value(part, scope))
            if text is not None:
                text = [f"{head}{tail}" for head in text for tail in choices][:MOST_TEXTS]
                if not text or len(text[0]) > LONGEST_TEXT:
                    text = None
        return frozenset(map(Constant, text or ()))

    def _display(self, nodes: list[ast.expr], scope: Scope) -> Values:
        if any(isinstance(node, ast.Starred) for node in nodes):
            return many(
                union(
                    [
                        elements_of(self.value(node, scope))
                        if isinstance(node, ast.Starred)
                        else self.value(node, scope)
                        for node in nodes
                    ]
                )
            )
        return sequence([self.value(node, scope) for node in nodes])

    def _dictionary(
        self, keys: list[ast.expr | None], values: list[ast.expr], scope: Scope
    ) -> Values:
        return table(
            [
                (self.value(key, scope), self.value(value, scope))
                for key, value in zip(keys, values, strict=True)
            ]
        )

    def _dict_comprehension(self, node: ast.DictComp, scope: Scope) -> Values:
        entries: list[tuple[Values, Values]] = []

        def entry(inner: Scope) -> Values:
            entries.append((self.value(node.key, inner), self.value(node.value, inner)))
            return UNKNOWN

        self._comprehension(node.generators, entry, scope)
        return table(entries)

    def _comprehension(
        self,
        generators: list[ast.comprehension],
        element: Callable[[Scope], Values],
        scope: Scope,
    ) -> Values:
        found: list[Values] = []
        exact = self._generate(generators, element, dict(scope), found)
        return sequence(found) if exact else many(union(found))

    def _generate(
        self,
        generators: list[ast.comprehension],
        element: Callable[[Scope], Values],
        scope: Scope,
        found: list[Values],
    ) -> bool:
        if not generators:
            found.append(element(scope))
            return True
        first, *others = generators
        values = self.value(first.iter, scope)
        known = iterations(values)
        exact = known is not None and not first.ifs
        for item in (elements_of(values),) if known is None else known:
            self.bind(first.target, item, scope)
            for test in first.ifs:
                self.value(test, scope)
            exact &= self._generate(others, element, scope, found)
        return exact

    def bind(self, target: ast.expr, values: Values, scope: Scope) -> None:
        """Give a value to the target of an assignment."""
        match target:
            case ast.Name(id=name):
                scope[name] = values
            case ast.Starred(value=inner):
                self.bind(inner, values, scope)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                stars = [i for i, item in enumerate(targets) if isinstance(item, ast.Starred)]
                parts = unpacked(values, len(targets), stars[0] if stars else None)
                for inner, part in zip(targets, parts, strict=True):
                    self.bind(inner, part, scope)
            case ast.Subscript(value=owner, slice=index):
                self.value(index, scope)
                self.value(owner, scope)
                self.put(owner, values, scope)
            case ast.Attribute(value=owner):
                self.value(owner, scope)

    def _children(self, node: ast.AST | None, scope: Scope) -> None:
        if node is not None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.value(child, scope)


def _global(name: str) -> Values:
    if name in CODE_FUNCTIONS:
        return one(Tool(name))
    return one(Library(name)) if name in FUNCTIONS else UNKNOWN
