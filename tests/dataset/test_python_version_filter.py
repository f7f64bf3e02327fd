"""Rows go for Python that cannot run on a version, or that is written as before it."""

import json
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.dataset.inputs import Split
from punie_train.dataset.operations import KEPT, Kept, Removed, Verdict
from punie_train.dataset.python_constructs import Version
from punie_train.dataset.python_version_filter import PythonVersionFilter, read_version
from punie_train.dataset.rows import row_of


def judged(code: str, minimum: Version = (3, 0), *, modern: bool = False) -> Verdict:
    """Return the verdict on a row whose reply is the code in a fenced block."""
    reply = {"role": "assistant", "content": f"```python\n{code}\n```"}
    raw = json.dumps({"messages": [{"role": "user", "content": "Write it."}, reply]}).encode()
    row = row_of(raw, Split(name="train", path=Path("x")), 1)
    return PythonVersionFilter(minimum=minimum, modern=modern).judge(row)


TWO_ONLY = {
    "syntax": ("x = 1\nprint 'a'", "Python 2: print statement in line 2"),
    "xrange": ("for i in xrange(3):\n    pass", "runs on Python 2 only: xrange in line 1"),
    "iteritems": ("x = d.iteritems()", "runs on Python 2 only: .iteritems() in line 1"),
    "print-to": ("print >>f, x", "runs on Python 2 only: print statement in line 1"),
    "module": ("import urllib2", "runs on Python 2 only: import urllib2 in line 1"),
}


@pytest.mark.parametrize(("code", "reason"), TWO_ONLY.values(), ids=TWO_ONLY)
def test_python_two_goes(code: str, reason: str) -> None:
    """What compiles on Python 3 and cannot run there is Python 2 as well."""
    assert judged(code) == Removed(reason)


KEEPS = {
    "plain": "def f(x):\n    return x",
    "own-xrange": "def xrange(x):\n    return range(x)\n\nxrange(3)",
    "both": "try:\n    import urllib2\nexcept ImportError:\n    import urllib.request",
    "asks": "if PY2:\n    text = unicode",
    "own-method": "class A:\n    def f(self):\n        return self.iteritems()",
    "print-call": "print(1, 2)",
}


@pytest.mark.parametrize("code", KEEPS.values(), ids=KEEPS)
def test_what_runs_on_three_stays(code: str) -> None:
    """Its own names and code for both are no Python 2."""
    assert judged(code) is KEPT


def test_what_a_version_dropped_goes_from_that_version_on() -> None:
    """`async` was a name up to 3.6."""
    assert judged("async = 1", (3, 6)) is KEPT
    assert judged("async = 1", (3, 7)) == Removed("last compiles on 3.6: async as a name in line 1")


STYLE = {
    "list": ("from typing import List\nx: List[int] = []", (3, 9), "typing.List"),
    "union": ("from typing import Optional", (3, 10), "typing.Optional"),
    "module": ("import typing as ty\nx: ty.Dict = {}", (3, 9), "typing.Dict"),
    "no-import": ("def f(x: List[int]): pass", (3, 9), "typing.List"),
    "object": ("class A(object): pass", (3, 1), "class A(object)"),
    "super": ("super(A, self).f()", (3, 1), "super(Class, self)"),
    "future": ("from __future__ import division", (3, 1), "from __future__ import division"),
    "six": ("import six", (3, 1), "import six"),
    "coding": ("# -*- coding: utf-8 -*-\nx = 1", (3, 1), "coding comment"),
    "u": ("x = u'a'", (3, 1), "u string"),
    "type-comment": ("x = []  # type: list[int]", (3, 6), "type comment"),
    "metaclass": ("class A:\n    __metaclass__ = B", (3, 1), "__metaclass__"),
    "asks": ("import sys\nif sys.version_info[0] == 2: pass", (3, 1), "asks for Python 2"),
    "distutils": ("from distutils.core import setup", (3, 10), "import distutils"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "since", "name"), STYLE.values(), ids=STYLE)
def test_old_style_goes_only_if_asked_and_from_its_version_on(
    code: str, since: Version, name: str
) -> None:
    """The version before has nothing better; without `modern`, and at 3, it is no matter."""
    gone = judged(code, since, modern=True)
    assert isinstance(gone, Removed)
    assert gone.reason.startswith(f"style older than 3.{since[1]}: {name} in line")
    assert judged(code, (3, since[1] - 1), modern=True) is KEPT
    assert judged(code, since) is KEPT


MODERN = {
    "today": "from collections.abc import Set\n\ndef f(x: list[int] | None) -> Set[int]: ...",
    "typing": "from typing import Any, Callable, Protocol",
    "percent": "x = '%s' % y",
    "future": "from __future__ import annotations",
    "own-list": "class List[T]: ...\n\nx: List[int]",
    "ignore": "x = y  # type: ignore",
    "asks-for-three": "import sys\nif sys.version_info >= (3, 12): pass",
    "newer": "match x:\n    case 1: pass",
}  # fmt: skip


@pytest.mark.parametrize("code", MODERN.values(), ids=MODERN)
def test_code_of_today_stays(code: str) -> None:
    """It is not removed, whatever the running interpreter makes of it."""
    assert isinstance(judged(code, (3, 10), modern=True), Kept)


def test_what_needs_a_newer_interpreter_or_does_not_parse_stays_with_a_note() -> None:
    """3.15 is newer than whatever runs this; a broken block without a language is no Python."""
    newer, broken = judged("lazy import x"), judged("def f(:")
    assert isinstance(newer, Kept)
    assert newer.note
    assert newer.note.startswith("needs a newer Python than 3.")
    assert broken == Kept("Python that does not parse")
    both = judged("lazy import x\n```\n```python\ndef f(:")
    assert both == Kept(f"{newer.note} and {broken.note}")


def test_versions_are_read_as_they_are_written() -> None:
    """`3.10` is ten; what is no version is refused, and so is one that removes nothing."""
    assert (read_version("3"), read_version("3.10")) == ((3, 0), (3, 10))
    for text in ("", "x", "3.", "3.10.1", "-3", "3.x", "\u0663"):
        with pytest.raises(UsageError, match="is no version"):
            read_version(text)
    with pytest.raises(UsageError, match="below 3"):
        PythonVersionFilter(minimum=(2, 7))
    with pytest.raises(UsageError, match=r"above 3\.15"):
        PythonVersionFilter(minimum=(3, 16))
    assert PythonVersionFilter(minimum=(3, 15)).settings == {"min_python": "3.15", "modern": False}
