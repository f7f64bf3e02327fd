"""What Python 3 compiles and cannot run: names, methods and modules that only Python 2 has."""

import ast
from collections.abc import Iterator
from typing import Any

from punie_train.dataset.python_constructs import Idiom
from punie_train.dataset.python_source import Source

NAMES = frozenset(("xrange", "unicode", "basestring", "raw_input", "unichr", "execfile", "long"))
METHODS = {"has_key": 1, "iteritems": 0, "iterkeys": 0, "itervalues": 0}
"""Methods of `dict` and with how many arguments they are called."""
MODULES = frozenset(
    (
        *("BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SocketServer"),
        *("StringIO", "Tkinter", "UserDict", "__builtin__", "cPickle", "cStringIO", "commands"),
        *("cookielib", "httplib", "thread", "tkMessageBox", "urllib2", "urlparse", "xmlrpclib"),
    )
)
ATTRIBUTES = frozenset(
    (
        *("sys.maxint", "sys.setdefaultencoding", "sys.exc_clear", "os.getcwdu", "os.popen2"),
        *("itertools.izip", "itertools.imap", "itertools.ifilter", "itertools.izip_longest"),
        *("string.letters", "string.lowercase", "string.uppercase", "string.join"),
        *("string.maketrans", "types.StringType", "types.ListType", "types.DictType"),
        *("urllib.urlopen", "urllib.urlencode", "urllib.quote", "urllib.unquote"),
    )
)
_GUARDS = ("PY2", "PY3", "NameError", "six", "sys.version", "python_2_unicode")

Found = Iterator[Idiom]


def names_of_two(source: Source) -> Found:
    """Yield what only Python 2 can run; nothing where the text itself tells versions apart."""
    if any(guard in source.text for guard in _GUARDS):
        return
    yield from _names(source)
    yield from _attributes(source)
    for node in source.all(ast.Expr):
        if _is_print_statement(node.value):
            yield _of_two("print statement", node)
    if not source.nodes.get(ast.Try):
        for name, node in imported_modules(source):
            if name in MODULES:
                yield _of_two(f"import {name}", node)


def _of_two(name: str, node: Any) -> Idiom:
    return Idiom(name=name, line=node.lineno, replaced=(3, 0), runs=False)


def _names(source: Source) -> Found:
    found: list[Any] = [node for node in source.all(ast.Name) if node.id in NAMES]
    if found:
        bound = bound_names(source)
        for node in found:
            if node.id not in bound:
                yield _of_two(node.id, node)


def _attributes(source: Source) -> Found:
    for call in source.all(ast.Call):
        if not isinstance(call.func, ast.Attribute) or call.keywords:
            continue
        if METHODS.get(call.func.attr) == len(call.args) and not _is_self(call.func.value):
            yield _of_two(f".{call.func.attr}()", call)
    for attribute in source.all(ast.Attribute):
        if isinstance(attribute.value, ast.Name):
            path = f"{attribute.value.id}.{attribute.attr}"
            if path in ATTRIBUTES:
                yield _of_two(path, attribute)


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_print_statement(value: Any) -> bool:
    """`print >>f, x`, `print ("a"), b` and `print ("%s") % a`, which Python 3 reads otherwise."""
    if isinstance(value, ast.Tuple) and value.elts:
        first = value.elts[0]
        return _is_print_statement(first) or _is_print(first)
    if isinstance(value, ast.BinOp):
        left = value.left
        return _is_print(left) or (isinstance(left, ast.Name) and left.id == "print")
    return False


def _is_print(value: Any) -> bool:
    called = value.func if isinstance(value, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "print"


def imported_modules(source: Source) -> Iterator[tuple[str, Any]]:
    """Yield the first part of the name of every imported module, and the import."""
    for node in source.all(ast.Import):
        for alias in node.names:
            yield alias.name.split(".")[0], node
    for one in source.all(ast.ImportFrom):
        if one.module and not one.level:
            yield one.module.split(".")[0], one


def bound_names(source: Source) -> set[str]:
    """Return every name that a text binds anywhere, as a variable, definition or import."""
    names: set[str] = set()
    for name in source.all(ast.Name):
        if not isinstance(name.ctx, ast.Load):
            names.add(name.id)
    for kind, field in (
        (ast.arg, "arg"),
        (ast.FunctionDef, "name"),
        (ast.ClassDef, "name"),
        (ast.alias, "name"),
        (ast.alias, "asname"),
    ):
        names |= {getattr(node, field) for node in source.all(kind)}
    return names
