"""What Python 2.7 refuses in a text that Python 3 compiles, beside the newer syntax itself."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from punie_train.dataset.python_constructs import Construct, Version
from punie_train.dataset.python_source import Source, nodes_in
from punie_train.dataset.python_syntax import construct
from punie_train.dataset.python_tokens import Kind, Token, UnreadableError, read_tokens

_WORDS = ("print", "exec")
_NUMBER_HINT = re.compile(r"\d(?<!\w.)\w*_")
_RAW_BYTES = tuple(f"{prefix}{quote}" for prefix in ("rb", "rB", "Rb", "RB") for quote in "'\"")
_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.GeneratorExp, ast.SetComp, ast.DictComp),
)
_PRINT_FUNCTION = "print_function"
Found = Iterator[Construct]


def limits_of_two(source: Source) -> Found:
    """Yield what keeps 2.7 from compiling a text, as constructs of 3.0 or later."""
    yield from _tokens(source)
    yield from _calls(source)
    yield from _parameters(source)
    yield from _ellipses(source)
    yield from _generators(source)
    for node in source.all(ast.Tuple):
        if not node.elts and isinstance(node.ctx, ast.Store):
            yield construct("empty target", (3, 6), node)
    for word in _WORDS:
        if word in source.text:
            yield from _keyword(word, source)


def _tokens(source: Source) -> Found:
    text = source.text
    if (
        text.isascii()
        and not _NUMBER_HINT.search(text)
        and not any(each in text for each in _RAW_BYTES)
    ):
        return
    try:
        tokens = read_tokens(text)
    except UnreadableError:
        return
    found: dict[str, tuple[Token, Version]] = {}
    for token in tokens:
        if token.kind is Kind.NUMBER and "_" in token.text:
            found.setdefault("_ in a number", (token, (3, 6)))
        elif token.kind is Kind.NAME and not token.text.isascii():
            found.setdefault("name beyond ASCII", (token, (3, 0)))
        elif token.kind is Kind.STRING and token.text[:2].lower() == "rb":
            found.setdefault("rb string", (token, (3, 3)))
    for name, (token, since) in found.items():
        line = text.count("\n", 0, token.start) + 1
        yield Construct(name=name, line=line, since=since)


def _calls(source: Source) -> Found:
    for call in source.all(ast.Call):
        stars = [at for at, each in enumerate(call.args) if isinstance(each, ast.Starred)]
        doubles = [at for at, each in enumerate(call.keywords) if each.arg is None]
        if not stars and not doubles:
            continue
        late = doubles and (
            doubles[0] != len(call.keywords) - 1
            or (call.args and source.start(call.args[-1]) > source.start(call.keywords[-1]))
        )
        if len(stars) > 1 or (stars and stars[0] != len(call.args) - 1) or late:
            yield construct("arguments after * or **", (3, 5), call)
        elif _has_comma(source.data[max(map(source.end, _parts(call))) : source.end(call)]):
            yield construct("comma after * or **", (3, 5), call)


def _parts(call: Any) -> list[ast.AST]:
    return [*call.args, *call.keywords]


def _has_comma(data: bytes) -> bool:
    """Return whether there is a comma outside of comments."""
    return any(b"," in line.split(b"#")[0] for line in data.split(b"\n"))


def _parameters(source: Source) -> Found:
    for one in source.all(ast.FunctionDef, ast.Lambda):
        star = one.args.kwarg or (None if one.args.kwonlyargs else one.args.vararg)
        if star is None:
            continue
        body = source.start(one.body if isinstance(one, ast.Lambda) else one.body[0])
        behind = source.data[source.end(star) : body].split(b")")[0]
        if _has_comma(behind):
            yield construct("comma after * or **", (3, 6), star)


def _ellipses(source: Source) -> Found:
    found = [node for node in source.all(ast.Constant) if node.value is ...]
    if not found:
        return
    allowed: set[int] = set()
    for node in source.all(ast.Subscript):
        index = node.slice
        if not isinstance(index, ast.Tuple):
            allowed |= {id(index)} if source.before(index) == b"[" else set()
        elif not source.in_parentheses(index):
            allowed |= {id(each) for each in index.elts}
    if outside := [node for node in found if id(node) not in allowed]:
        yield construct("... outside of an index", (3, 0), *outside)


def _generators(source: Source) -> Found:
    if "yield" not in source.text:
        return
    for node in source.all(ast.FunctionDef):
        own = list(nodes_in(node.body, stop=_SCOPES))
        if any(isinstance(each, ast.Yield) for each in own):
            values = [each for each in own if isinstance(each, ast.Return) and each.value]
            if values:
                yield construct("return with a value in a generator", (3, 3), *values)


def _keyword(word: str, source: Source) -> Found:
    if word == "print" and _PRINT_FUNCTION in source.text:
        for one in source.all(ast.ImportFrom):
            names = [alias.name for alias in one.names]
            if one.module == "__future__" and _PRINT_FUNCTION in names:
                return
    statements = {(node.lineno, node.col_offset) for node in source.all(ast.Expr)}
    calls = {id(node.func): node for node in source.all(ast.Call)}
    for name in source.all(ast.Name):
        if name.id == word and not (
            (name.lineno, name.col_offset) in statements
            and _is_statement(source, name, calls.get(id(name)))
        ):
            yield construct(f"{word} as a function", (3, 0), name)
    if _is_name(word, source):
        yield construct(f"{word} as a name", (3, 0), *source.all(ast.Module))


def _is_statement(source: Source, name: Any, call: Any) -> bool:
    if call is not None:
        starred = any(isinstance(each, ast.Starred) for each in call.args)
        return not call.keywords and not starred
    after = source.data[source.end(name) :].lstrip(b" \t")[:2]
    return after[:1] in (b"-", b"+", b"~", b"[", b"\n", b";", b"#", b"") or after == b">>"


def _is_name(word: str, source: Source) -> bool:
    """Return whether a word names an attribute, a definition, a parameter or an import."""
    fields = (
        (ast.Attribute, "attr"),
        (ast.FunctionDef, "name"),
        (ast.ClassDef, "name"),
        (ast.arg, "arg"),
        (ast.keyword, "arg"),
        (ast.ExceptHandler, "name"),
        (ast.alias, "asname"),
    )
    if any(getattr(node, field) == word for kind, field in fields for node in source.all(kind)):
        return True
    imported = (node.name for node in source.all(ast.alias))
    declared = (node.names for node in source.all(ast.Global))
    return any(word in name.split(".") for name in imported) or any(
        word in names for names in declared
    )
