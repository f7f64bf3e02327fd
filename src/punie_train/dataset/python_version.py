"""Which versions of Python compile a text: decided without them, on the running interpreter."""

import ast
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from symtable import symtable
from typing import TypeVar

from punie_train.dataset.python_async_scopes import async_constructs
from punie_train.dataset.python_constructs import (
    MEANT_ANEW,
    NEWEST,
    PYTHON_TWO,
    Construct,
    Idiom,
    Version,
    versions_of,
)
from punie_train.dataset.python_newer_rewrites import RUNNING, rewrite_newer
from punie_train.dataset.python_old_style import old_style
from punie_train.dataset.python_old_symbols import repair_symbols
from punie_train.dataset.python_rewrites import Rewriting, statements
from punie_train.dataset.python_source import Source
from punie_train.dataset.python_syntax import constructs_of
from punie_train.dataset.python_tokens import Token, UnreadableError, read_tokens
from punie_train.dataset.python_two_limits import limits_of_two
from punie_train.dataset.python_two_names import names_of_two
from punie_train.dataset.python_two_rewrites import (
    NAMES_UNTIL,
    expand_tabs,
    rename_keywords,
    rewrite_python_two,
)


class Unsettled(StrEnum):
    """Why the answer is no plain minimum version."""

    PYTHON_TWO = "python 2"
    NEWER = "newer than this interpreter"
    BROKEN = "does not parse"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonVersion:
    """The versions that compile a text, and the constructs that decide it.

    `minimum` is the first of 2.7, 3.6, 3.7 ... that compiles it; None for Python 2, which no
    version of 3 compiles, and for what does not parse. `maximum` is the last version, None when
    the newest still compiles it. `reason` is None for a minimum that the running interpreter has;
    `newer than this interpreter` comes with the minimum that the text needs. `constructs` names
    each deciding piece of syntax once, at its first line; `idioms` what does not run on Python 3
    though it compiles there, and old style.
    """

    minimum: Version | None
    maximum: Version | None = None
    reason: Unsettled | None = None
    constructs: tuple[Construct, ...] = ()
    idioms: tuple[Idiom, ...] = ()


_Named = TypeVar("_Named", Construct, Idiom)
BROKEN = PythonVersion(minimum=None, reason=Unsettled.BROKEN)
_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_MOST_SCOPES = 2000
"""Scopes in one text that are compiled: to 3.11 the time grows with the square of equal ones."""
_REFUSALS = (
    SyntaxError,
    ValueError,
    OverflowError,
    RecursionError,
    MemoryError,
    SystemError,
)


def python_version(code: str) -> PythonVersion:
    """Return which versions of Python compile `code`, a module, function or statement.

    Syntax decides, as `compile()` of each version does. Any text gets an answer. A byte order mark
    at the start is no part of the text.
    """
    try:
        source, constructs = read_python(code)
    except UnreadableError:
        return BROKEN
    found = (*names_of_two(source), *old_style(source)) if versions_of(constructs) else ()
    return judged(constructs, _distinct(found))


def read_python(code: str) -> tuple[Source, tuple[Construct, ...]]:
    """Return a text's tree and the constructs that not every version knows.

    Raises UnreadableError where neither this interpreter nor an older or newer one can read it.
    """
    text = code.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read(text)
        except _REFUSALS:
            raise UnreadableError from None


def judged(constructs: tuple[Construct, ...], idioms: tuple[Idiom, ...] = ()) -> PythonVersion:
    """Return the answer for a text with these constructs."""
    versions = versions_of(constructs)
    if not versions:
        return PythonVersion(minimum=None, reason=Unsettled.BROKEN, constructs=constructs)
    if versions[0] == PYTHON_TWO and (len(versions) == 1 or versions[1] >= MEANT_ANEW):
        return PythonVersion(
            minimum=None,
            maximum=PYTHON_TWO,
            reason=Unsettled.PYTHON_TWO,
            constructs=constructs,
            idioms=idioms,
        )
    return PythonVersion(
        minimum=versions[0],
        maximum=None if versions[-1] == NEWEST else versions[-1],
        reason=Unsettled.NEWER if versions[0] > RUNNING else None,
        constructs=constructs,
        idioms=idioms,
    )


def _read(text: str) -> tuple[Source, tuple[Construct, ...]]:
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return _rewritten(text)
    source = Source(text, tree)
    found = _constructs(source)
    return source, _distinct((*found, *_compiled(text, source)))


def _constructs(source: Source, others: Sequence[Construct] = ()) -> tuple[Construct, ...]:
    found = (*others, *constructs_of(source), *async_constructs(source))
    if all(each.known_to(PYTHON_TWO) for each in found):
        return (*found, *limits_of_two(source))
    return found


def _compiled(code: str | ast.Module, source: Source) -> tuple[Construct, ...]:
    """Return what the compiler refuses beside the grammar; `code` is the source or its tree."""
    if sum(len(source.nodes.get(kind, ())) for kind in _SCOPES) > _MOST_SCOPES:
        symtable(source.text, "<text>", "exec")
        return ()
    try:
        compile(code, "<text>", "exec", dont_inherit=True)
    except SyntaxError:
        repaired = repair_symbols(source.tree)
        if not repaired:
            raise
        compile(source.tree, "<text>", "exec", dont_inherit=True)
        return repaired
    return ()


def _rewritten(text: str) -> tuple[Source, tuple[Construct, ...]]:
    rewriting = Rewriting(text if text.endswith("\n") else f"{text}\n")
    _cut_last_backslash(rewriting)
    tokens = read_tokens(rewriting.text)
    parts = list(statements(tokens))
    for part in parts:
        rewrite_python_two(part, rewriting)
        rewrite_newer(part, rewriting)
    tree = _parsed(rewriting, tokens, parts)
    source = Source(rewriting.written(), tree)
    found = _constructs(source, rewriting.found)
    return source, _distinct((*found, *_compiled(tree, source)))


def _cut_last_backslash(rewriting: Rewriting) -> None:
    kept = rewriting.text.rstrip("\n")
    if kept.endswith("\\"):
        line = kept.count("\n") + 1
        rewriting.text = f"{kept[:-1]}\n"
        rewriting.found.append(
            Construct(name="backslash at the end of the text", line=line, until=(3, 7))
        )


def _parsed(
    rewriting: Rewriting, tokens: Sequence[Token], parts: Sequence[Sequence[Token]]
) -> ast.Module:
    try:
        return _parsed_with_tabs(rewriting, tokens)
    except SyntaxError as error:
        refusal = error
    for words in NAMES_UNTIL:
        edits = len(rewriting.edits)
        for part in parts:
            rename_keywords(part, rewriting, words)
        if len(rewriting.edits) > edits:
            try:
                return _parsed_with_tabs(rewriting, tokens)
            except SyntaxError as error:
                refusal = error
    raise refusal


def _parsed_with_tabs(rewriting: Rewriting, tokens: Sequence[Token]) -> ast.Module:
    try:
        return ast.parse(rewriting.written())
    except TabError:
        expand_tabs(tokens, rewriting)
        return ast.parse(rewriting.written())


def _distinct(everything: Iterable[_Named]) -> tuple[_Named, ...]:
    """Each name at its first line, in the order of lines."""
    found: dict[str, _Named] = {}
    for each in sorted(everything, key=lambda one: one.line):
        found.setdefault(each.name, each)
    return tuple(found.values())
