"""Follow a program statement by statement."""

import ast
from collections.abc import Sequence

from punie_train.evals.code_mode import CODE_FUNCTIONS
from punie_train.evals.code_reading.abstract import (
    UNKNOWN,
    Function,
    Scope,
    Tool,
    Values,
    add,
    elements_of,
    iterations,
    joined,
    many,
    one,
    sequence,
    union,
    unpacked,
)
from punie_train.evals.code_reading.expressions import Expressions

_DEEPEST_CALL = 8


class Statements(Expressions):
    """A program as statements over scopes; a branch that may run is followed."""

    def __init__(self) -> None:
        """Start outside of any function and loop."""
        super().__init__()
        self.returns: list[Values] = []
        self.escapes: list[Scope] = []
        self.depth = 0

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; return whether what comes after them may run."""
        return all(self._statement(node, scope) for node in body)

    def run_function(
        self, function: Function, positional: Sequence[Values], named: dict[str, Values]
    ) -> Values:
        """Return what a function of the program returns; recursion ends at a fixed depth."""
        if self.depth >= _DEEPEST_CALL:
            return UNKNOWN
        scope = {**function.scope, **self._parameters(function, positional, named)}
        node = function.node
        if isinstance(node, ast.Lambda):
            return self.value(node.body, scope)
        outer = self.returns, self.yields, self.escapes
        self.returns, self.yields, self.escapes = [], [], []
        self.depth += 1
        self.run(node.body, scope)
        self.depth -= 1
        function.scope.update({n: scope[n] for n in _outer_names(node) if n in scope})
        returned, yielded = union(self.returns), self.yields
        self.returns, self.yields, self.escapes = outer
        return returned | many(union(yielded)) if yielded else returned

    def _parameters(
        self, function: Function, positional: Sequence[Values], named: dict[str, Values]
    ) -> Scope:
        spec = function.node.args
        names = [item.arg for item in (*spec.posonlyargs, *spec.args)]
        scope: Scope = dict.fromkeys([*names, *(item.arg for item in spec.kwonlyargs)], UNKNOWN)
        defaults = spec.defaults
        for name, node in zip(names[len(names) - len(defaults) :], defaults, strict=True):
            scope[name] = self.value(node, function.scope)
        for item, node in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            scope[item.arg] = self.value(node, function.scope)
        scope |= dict(zip(names, positional, strict=False))
        if spec.vararg:
            scope[spec.vararg.arg] = sequence(positional[len(names) :])
        return scope | {name: values for name, values in named.items() if name in scope}

    def _statement(  # noqa: C901, PLR0911, PLR0912 - a table: one case for each kind of statement
        self, node: ast.stmt, scope: Scope
    ) -> bool:
        self.step()
        match node:
            case ast.Expr(value=inner):
                self.value(inner, scope)
            case ast.Assign(targets=targets, value=inner):
                values = self.value(inner, scope)
                for target in targets:
                    self.bind(target, values, scope)
            case ast.AnnAssign(target=target, value=inner) if inner is not None:
                self.bind(target, self.value(inner, scope), scope)
            case ast.AugAssign(target=target, value=inner):
                held = self.value(target, scope)
                self.bind(target, add(held, self.value(inner, scope)), scope)
            case ast.If(test=test, body=body, orelse=orelse):
                self.value(test, scope)
                return self._branches([body, orelse], scope)
            case ast.For() | ast.AsyncFor():
                return self._for(node, scope)
            case ast.While(test=test, body=body, orelse=orelse):
                self._repeat(body, scope, test=test)
                return self.run(orelse, scope)
            case ast.Try() | ast.TryStar():
                return self._try(node, scope)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    values = self.value(item.context_expr, scope)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, values, scope)
                return self.run(body, scope)
            case ast.Match():
                return self._match(node, scope)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                scope[name] = one(Function(node, scope))
            case ast.ClassDef(name=name):
                scope[name] = UNKNOWN
            case ast.Import(names=names):
                scope |= {name.asname or name.name.partition(".")[0]: UNKNOWN for name in names}
            case ast.ImportFrom(names=names):
                self._import(names, scope)
            case ast.Return(value=inner):
                self.returns.append(self.value(inner, scope))
                return False
            case ast.Raise():
                self._children(node, scope)
                return False
            case ast.Break() | ast.Continue():
                self.escapes.append(dict(scope))
                return False
            case _:
                self._children(node, scope)
        return True

    @staticmethod
    def _import(names: list[ast.alias], scope: Scope) -> None:
        for name in names:
            if name.name in CODE_FUNCTIONS:
                scope[name.asname or name.name] = one(Tool(name.name))

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]], scope: Scope) -> bool:
        ends: list[Scope] = []
        for body in bodies:
            inner = dict(scope)
            if self.run(body, inner):
                ends.append(inner)
        if ends:
            _become(scope, joined(ends))
        return bool(ends)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        values = self.value(node.iter, scope)
        known = iterations(values)
        if known is None:
            self._repeat(node.body, scope, target=node.target, elements=elements_of(values))
        else:
            for item in known:
                self.bind(node.target, item, scope)
                if not self._once(node.body, scope, []):
                    return False
        return self.run(node.orelse, scope)

    def _repeat(
        self,
        body: list[ast.stmt],
        scope: Scope,
        *,
        test: ast.expr | None = None,
        target: ast.expr | None = None,
        elements: Values = UNKNOWN,
    ) -> None:
        for _ in range(2):
            self.value(test, scope)
            before = dict(scope)
            if target is not None:
                self.bind(target, elements, scope)
            self._once(body, scope, [before])

    def _once(self, body: list[ast.stmt], scope: Scope, also: list[Scope]) -> bool:
        outer, self.escapes = self.escapes, []
        inner = dict(scope)
        ends = [*also, *([inner] if self.run(body, inner) else []), *self.escapes]
        self.escapes = outer
        if ends:
            _become(scope, joined(ends))
        return bool(ends)

    def _try(self, node: ast.Try | ast.TryStar, scope: Scope) -> bool:
        before = dict(scope)
        ends: list[Scope] = []
        if self.run(node.body, scope) and self.run(node.orelse, scope):
            ends.append(dict(scope))
        for handler in node.handlers:
            inner = joined([before, scope])
            self.value(handler.type, inner)
            if self.run(handler.body, inner):
                ends.append(inner)
        _become(scope, joined(ends or [before, scope]))
        return self.run(node.finalbody, scope) and bool(ends)

    def _match(self, node: ast.Match, scope: Scope) -> bool:
        subject = self.value(node.subject, scope)
        ends = [dict(scope)]
        for case in node.cases:
            inner = dict(scope)
            self._pattern(case.pattern, subject, inner)
            self.value(case.guard, inner)
            if self.run(case.body, inner):
                ends.append(inner)
        _become(scope, joined(ends))
        return True

    def _pattern(  # noqa: C901 - a table: one case for each kind of pattern
        self, pattern: ast.pattern, subject: Values, scope: Scope
    ) -> None:
        self.step()
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self._pattern(inner, subject, scope)
                if name is not None:
                    scope[name] = subject
            case ast.MatchStar(name=str() as name):
                scope[name] = subject
            case ast.MatchOr(patterns=patterns):
                for inner in patterns:
                    self._pattern(inner, subject, scope)
            case ast.MatchClass(kwd_attrs=names, kwd_patterns=patterns):
                for name, inner in zip(names, patterns, strict=True):
                    self._pattern(inner, self.read(subject, name), scope)
            case ast.MatchSequence(patterns=patterns):
                stars = [i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)]
                parts = unpacked(subject, len(patterns), stars[0] if stars else None)
                for inner, part in zip(patterns, parts, strict=True):
                    self._pattern(inner, part, scope)
            case ast.MatchValue(value=value):
                self.value(value, scope)


def _outer_names(function: ast.AST) -> set[str]:
    """Return the names that a function declares as those of the scope around it."""
    declarations = (
        node.names for node in ast.walk(function) if isinstance(node, ast.Global | ast.Nonlocal)
    )
    return {name for names in declarations for name in names}


def _become(scope: Scope, other: Scope) -> None:
    scope.clear()
    scope.update(other)
