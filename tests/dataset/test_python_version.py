"""The versions of a text: a table that real interpreters confirmed, and texts of any kind."""

import time
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from punie_train.dataset.python_constructs import NEWEST, Version
from punie_train.dataset.python_newer_rewrites import RUNNING
from punie_train.dataset.python_version import Unsettled, python_version

TWO: dict[str, str] = {
    "print-statement": 'print "a"',
    "print-to-file": 'print >>f, "a", b\nx = `y`',
    "print-after-colon": "if x: print a; y = 1",
    "exec-in": 'exec "a" in d',
    "backticks": "x = `x, y` + `z`",
    "not-equal": "a <> b",
    "octal": "x = 0777",
    "long": "x = 0xFFL",
    "ur": "x = ur'a'",
    "except-comma": "try: pass\nexcept (A, B), e: pass",
    "raise-comma": 'raise E, "x", tb',
    "tuple-parameter": "def f(a, (b, c)): return b",
    "tuple-lambda": "f = lambda (a, b): a",
    "tabs": "if x:\n        y = 1\n\tz = 2\n",
    "list-over-tuple": "[x for x in 1, 2]",
    "none-attribute": "x.None = 1",
    "true-assigned": "True = 1",
    "star-import": "def f():\n    from os import *\n",
    "bytes-joined": "x = b'a' u'b'",
    "in-a-class": "class A:\n    def f(self):\n        print 'x'\n",
}
SINCE: dict[str, tuple[Version, str]] = {
    "plain": ((2, 7), "def f(a, *b, **c):\n    return a"),
    "print-call": ((2, 7), 'print("a")'),
    "print-tuple": ((2, 7), 'print ("a"), b'),
    "raise-call": ((2, 7), 'raise E("x")'),
    "keyword-only": ((3, 6), "def f(*, a): pass"),
    "annotation": ((3, 6), "def f(a: int) -> int: pass"),
    "nonlocal": ((3, 6), "def f():\n    x = 1\n    def g():\n        nonlocal x\n"),
    "yield-from": ((3, 6), "def f(): yield from x"),
    "raise-from": ((3, 6), "raise E from e"),
    "print-file": ((3, 6), "print(a, file=f)"),
    "f-string": ((3, 6), "x = f'{x}'"),
    "underscore": ((3, 6), "x = 1_000"),
    "future-annotations": ((3, 7), "from __future__ import annotations"),
    "walrus": ((3, 8), "if (n := 1): pass"),
    "positional-only": ((3, 8), "def f(a, /): pass"),
    "f-string-debug": ((3, 8), "x = f'{x=}'"),
    "return-star": ((3, 8), "def f(): return *a, b"),
    "any-decorator": ((3, 9), "@a[0]\ndef f(): pass"),
    "with-parentheses": ((3, 9), "with (a as b, c as d):\n    pass"),
    "match": ((3, 10), "match x:\n    case [1, *y]: pass"),
    "except-star": ((3, 11), "try: pass\nexcept* E: pass"),
    "star-index": ((3, 11), "x = a[*b]"),
    "type-statement": ((3, 12), "type A = int"),
    "type-parameters": ((3, 12), "def f[T](x: T) -> T: return x"),
    "nested-quotes": ((3, 12), "x = f'{d['a']}'"),
    "default-type": ((3, 13), "class A[T = int]: pass"),
    "except-without-parentheses": ((3, 14), "try: pass\nexcept A, B, C: pass"),
    "template": ((3, 14), "x = t'{a}'"),
}
UNTIL: dict[str, tuple[Version, str]] = {
    "async-name": ((3, 6), "async = 1\nf(async=2)"),
    "yield-in-comprehension": ((3, 7), "def f():\n    x = ((yield x) for x in y)"),
}
BROKEN = {
    "cut-off": "def f(a, b):\n    return a + (",
    "prose": "This is what you asked for, isn't it?",
    "javascript": "function f(a) { return a ? 1 : 2; }",
    "diff": "- x = 1\n+ x = 2\n@@ -1 +1 @@",
    "prompt": "$ pip install x",
    "indentation": "def f():\nreturn 1",
    "two-and-three": "print 'a'\nx = f'{y}'",
}


@pytest.mark.parametrize("code", TWO.values(), ids=TWO)
def test_python_two_is_found(code: str) -> None:
    """No version of Python 3 compiles it in the same sense."""
    answer = python_version(code)
    assert (answer.minimum, answer.maximum) == (None, (2, 7))
    assert answer.reason is Unsettled.PYTHON_TWO
    assert answer.constructs


@pytest.mark.parametrize(("since", "code"), SINCE.values(), ids=SINCE)
def test_the_first_version_is_exact(since: Version, code: str) -> None:
    """Newer than the running interpreter is said beside the version."""
    answer = python_version(code)
    assert (answer.minimum, answer.maximum) == (since, None)
    assert answer.reason is (Unsettled.NEWER if since > RUNNING else None)


@pytest.mark.parametrize(("until", "code"), UNTIL.values(), ids=UNTIL)
def test_the_last_version_is_exact(until: Version, code: str) -> None:
    """What Python 2 knew and a version of 3 dropped."""
    answer = python_version(code)
    assert (answer.minimum, answer.maximum, answer.reason) == ((2, 7), until, None)


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_what_does_not_parse_is_not_python_two(code: str) -> None:
    """It has no version at all."""
    assert python_version(code).reason is Unsettled.BROKEN
    assert python_version(code).minimum is None


@pytest.mark.parametrize(
    ("code", "line"),
    [("x = 1\nprint 'a'\nprint 'b'", 2), ('"""\n\n"""\nx = 0777', 4), ("f(1,\n  2L)", 2)],
)
def test_a_construct_has_the_line_where_it_first_stands(code: str, line: int) -> None:
    """Lines count from 1, in texts that had to be rewritten too."""
    (found,) = python_version(code).constructs
    assert found.line == line


def test_line_ends_and_a_mark_do_not_matter() -> None:
    """As for the interpreters."""
    assert python_version("\ufeffif x:\r\n    y = f'{x}'\r\n").minimum == (3, 6)
    assert python_version("x = 1\rprint 'a'\r").reason is Unsettled.PYTHON_TWO


PIECES = (
    *("print ", "exec ", "x", "(", ")", "[", "]", "{", "}", ":", ",", "=", ":=", "\n", "\n    "),
    *("def f(", "class A", "lambda ", "for ", " in ", "if ", "`", "<>", "0777", "10L", "'", '"'),
    *('"""', "f'{", "}'", "\\", "#", "\t", "async ", "await ", "*", "**", "@", "é", "\ud800", "\0"),
    *("raise ", "except ", "try:\n", "yield ", "global x", "match x:", "type X", "...", "1e", "\r"),
)


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=15).map("".join)))
@example("'\\d'")
@example("1 is 1")
@example("assert (x, y)")
@example("x = 1if 1else 2")
def test_any_text_gets_an_answer_that_the_interpreter_agrees_with(code: str) -> None:
    """No exception and no warning; what compiles here is never called broken or Python 2."""
    answer = python_version(code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(code.removeprefix("\ufeff"), "<text>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return
    assert answer.minimum is not None
    assert answer.minimum <= RUNNING <= (answer.maximum or NEWEST)


HOSTILE = (
    *("(", "-", "not ", "lambda:", "a.", "f'{", "`a` ", "10L,", "<> ", "@a", "print ", "\\\n", "'"),
    *("[x for x in ", "try:\n", "if x:\n\t", "yield ", "\u00e9 ", "~~~~`", "def f(", "#", " "),
    *("def f(): pass\n", "x = lambda: 1\n"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear(piece: str) -> None:
    """Forty thousand characters of anything take well under a second; quadratic would not."""
    code = "print 'x'\n" + piece * (40_000 // len(piece))
    started = time.thread_time()
    python_version(code)
    assert time.thread_time() - started < 3
