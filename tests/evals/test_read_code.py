"""Which tools a program calls and which fields it reads."""

import pytest

from punie_train.evals.code_reading.read_code import read_code
from punie_train.evals.code_reading.reading import Computed

R = "r = ruff_check('a')\n"
T = "t = pytest_run('a')\n"
C = "c = typecheck('a')\n"

FIELDS = [
    ("nothing", R + "print(r)", ""),
    ("on-the-call", "print(ruff_check('a').success)", "ruff_check.success"),
    ("by-variable", R + "print(r.fixable_count)", "ruff_check.fixable_count"),
    ("by-alias", R + "s = r\nprint(s.success)", "ruff_check.success"),
    (
        "global",
        "def load():\n    global r\n    r = ruff_check('a')\nload()\nr.success",
        "ruff_check.success",
    ),
    (
        "nonlocal",
        "def f():\n r = 0\n def g():\n  nonlocal r\n  r = ruff_check('a')\n g()\n r.success\nf()",
        "ruff_check.success",
    ),
    (
        "local-is-not-global",
        "r = None\ndef load():\n    r = ruff_check('a')\nload()\nr.success",
        "",
    ),
    ("annotated", "r: object = ruff_check('a')\nr.success", "ruff_check.success"),
    (
        "unpacked",
        "r, t = ruff_check('a'), pytest_run('b')\nr.success\nt.failed",
        "ruff_check.success pytest_run.failed",
    ),
    ("unpacked-from-list", "[r, *_] = [ruff_check('a')]\nr.success", "ruff_check.success"),
    ("chained", "x = y = ruff_check('a')\ny.success", "ruff_check.success"),
    ("f-string", R + "print(f'{r.violation_count} left')", "ruff_check.violation_count"),
    ("f-string-spec", T + "print(f'{t.duration:.2f}')", "pytest_run.duration"),
    ("not-a-comment", R + "# r.success\nprint(r)", ""),
    ("not-a-string", R + "print('r.success')", ""),
    ("not-a-docstring", '"""r.success"""\n' + R, ""),
    (
        "condition",
        R + "if r.success:\n    print('ok')\nelse:\n    print(r.violation_count)",
        "ruff_check.success ruff_check.violation_count",
    ),
    (
        "conditional-expression",
        R + "print('ok' if r.success else r.parse_error)",
        "ruff_check.success ruff_check.parse_error",
    ),
    ("loop", C + "for e in c.errors:\n    print(e.line)", "typecheck.errors typecheck.errors.line"),
    (
        "loop-on-call",
        "for v in ruff_check('a').violations: print(v.code)",
        "ruff_check.violations ruff_check.violations.code",
    ),
    (
        "loop-by-alias",
        C + "es = c.errors\nfor e in es: print(e.message)",
        "typecheck.errors typecheck.errors.message",
    ),
    (
        "loop-enumerate",
        C + "for i, e in enumerate(c.errors, 1): print(i, e.code)",
        "typecheck.errors typecheck.errors.code",
    ),
    (
        "loop-zip",
        R + C + "for v, e in zip(r.violations, c.errors): print(v.file, e.line)",
        "ruff_check.violations ruff_check.violations.file typecheck.errors typecheck.errors.line",
    ),
    (
        "loop-slice",
        C + "for e in c.errors[:3]: print(e.file)",
        "typecheck.errors typecheck.errors.file",
    ),
    (
        "comprehension",
        T + "print([x.name for x in t.tests if x.outcome == 'failed'])",
        "pytest_run.tests pytest_run.tests.name pytest_run.tests.outcome",
    ),
    (
        "generator",
        R + "print(sum(1 for v in r.violations if v.fixable))",
        "ruff_check.violations ruff_check.violations.fixable",
    ),
    (
        "set-comprehension",
        R + "print({v.file for v in r.violations})",
        "ruff_check.violations ruff_check.violations.file",
    ),
    (
        "dict-comprehension",
        T + "print({x.name: x.duration for x in t.tests})",
        "pytest_run.tests pytest_run.tests.name pytest_run.tests.duration",
    ),
    (
        "filtered-list",
        T + "slow = [x for x in t.tests]\nfor s in slow: print(s.name)",
        "pytest_run.tests pytest_run.tests.name",
    ),
    (
        "sorted-key",
        T + "for x in sorted(t.tests, key=lambda y: y.duration): print(x.name)",
        "pytest_run.tests pytest_run.tests.duration pytest_run.tests.name",
    ),
    (
        "sort-method",
        T + "t.tests.sort(key=lambda y: y.duration)",
        "pytest_run.tests pytest_run.tests.duration",
    ),
    (
        "max-key",
        T + "print(max(t.tests, key=lambda y: y.duration).name)",
        "pytest_run.tests pytest_run.tests.duration pytest_run.tests.name",
    ),
    (
        "attrgetter",
        "from operator import attrgetter\n"
        + T
        + "print(sorted(t.tests, key=attrgetter('duration')))",
        "pytest_run.tests pytest_run.tests.duration",
    ),
    (
        "filter",
        T + "for x in filter(lambda y: y.outcome == 'failed', t.tests): print(x.message)",
        "pytest_run.tests pytest_run.tests.outcome pytest_run.tests.message",
    ),
    (
        "map",
        C + "print(list(map(lambda e: e.line, c.errors)))",
        "typecheck.errors typecheck.errors.line",
    ),
    (
        "any-all",
        T + "print(any(x.outcome for x in t.tests), all(x.name for x in t.tests))",
        "pytest_run.tests pytest_run.tests.outcome pytest_run.tests.name",
    ),
    ("len", C + "print(len(c.errors))", "typecheck.errors"),
    (
        "next",
        C + "print(next((e for e in c.errors), None).line)",
        "typecheck.errors typecheck.errors.line",
    ),
    ("next-iter", C + "print(next(iter(c.errors)).line)", "typecheck.errors typecheck.errors.line"),
    ("index", C + "print(c.errors[0].line)", "typecheck.errors typecheck.errors.line"),
    ("last", C + "e = c.errors[-1]\nprint(e.column)", "typecheck.errors typecheck.errors.column"),
    (
        "first-of-many",
        C + "first, *rest = c.errors\nprint(first.line, [e.code for e in rest])",
        "typecheck.errors typecheck.errors.line typecheck.errors.code",
    ),
    (
        "walrus",
        "if (r := ruff_check('a')).violation_count: print(r.success)",
        "ruff_check.violation_count ruff_check.success",
    ),
    (
        "walrus-in-test",
        C + "if errors := c.errors:\n    print(errors[0].file)",
        "typecheck.errors typecheck.errors.file",
    ),
    ("getattr", R + "print(getattr(r, 'success'))", "ruff_check.success"),
    ("getattr-default", R + "print(getattr(r, 'parse_error', None))", "ruff_check.parse_error"),
    ("getattr-computed", R + "print(getattr(r, input()))", ""),
    (
        "getattr-loop",
        R + "for n in ('success', 'fixable_count'): print(getattr(r, n))",
        "ruff_check.success ruff_check.fixable_count",
    ),
    (
        "list-append",
        T + "bad = []\nfor x in t.tests:\n    bad.append(x)\nprint(bad[0].name)",
        "pytest_run.tests pytest_run.tests.name",
    ),
    (
        "grouped",
        R + "by = {}\nfor v in r.violations:\n    by.setdefault(v.file, []).append(v)\n"
        "for f, vs in by.items():\n    print(f, [v.line for v in vs])",
        "ruff_check.violations ruff_check.violations.file ruff_check.violations.line",
    ),
    (
        "defaultdict",
        "from collections import defaultdict\n" + R + "d = defaultdict(list)\n"
        "for v in r.violations: d[v.code].append(v)\nfor vs in d.values(): print(vs[0].message)",
        "ruff_check.violations ruff_check.violations.code ruff_check.violations.message",
    ),
    ("dict-of-results", "d = {'x': ruff_check('a')}\nprint(d['x'].success)", "ruff_check.success"),
    (
        "dict-items",
        "for k, r in {'x': ruff_check('a')}.items(): print(r.success)",
        "ruff_check.success",
    ),
    (
        "chain",
        "import itertools\n"
        + R
        + C
        + "for x in itertools.chain(r.violations, c.errors): print(x.line)",
        "ruff_check.violations ruff_check.violations.line typecheck.errors typecheck.errors.line",
    ),
    (
        "sum-of-lists",
        R + C + "for x in r.violations + c.errors: print(x.line)",
        "ruff_check.violations ruff_check.violations.line typecheck.errors typecheck.errors.line",
    ),
    (
        "carried-over",
        T + "worst = None\nfor x in t.tests:\n    if worst is None or x.duration > 1:\n"
        "        worst = x\nprint(worst.name)",
        "pytest_run.tests pytest_run.tests.duration pytest_run.tests.name",
    ),
    (
        "while",
        C + "i = 0\nwhile i < 3:\n    print(c.errors[i].line)\n    i += 1",
        "typecheck.errors typecheck.errors.line",
    ),
    (
        "function",
        "def f(p):\n    return ruff_check(p)\nprint(f('a').success)",
        "ruff_check.success",
    ),
    (
        "function-argument",
        "def show(e):\n    print(e.line)\n" + C + "for e in c.errors: show(e)",
        "typecheck.errors typecheck.errors.line",
    ),
    ("function-never-called", R + "def f():\n    return r.success", ""),
    (
        "async-main",
        (
            "import asyncio\nasync def main():\n    r = ruff_check('a')\n    print(r.success)\n"
            "asyncio.run(main())"
        ),
        "ruff_check.success",
    ),
    (
        "generator-function",
        C + "def g():\n    for e in c.errors:\n        yield e\nfor e in g(): print(e.line)",
        "typecheck.errors typecheck.errors.line",
    ),
    (
        "main-guard",
        "def main():\n    print(ruff_check('a').success)\nif __name__ == '__main__':\n    main()",
        "ruff_check.success",
    ),
    (
        "try",
        "try:\n    r = ruff_check('a')\nexcept Exception:\n    r = None\nprint(r.success)",
        "ruff_check.success",
    ),
    ("with", "with open('x') as f:\n    print(ruff_check('a').success)", "ruff_check.success"),
    (
        "match-class",
        R + "match r:\n    case RuffResult(success=True): print('ok')",
        "ruff_check.success",
    ),
    (
        "match-subject",
        T + "match t.failed:\n    case 0: print(t.passed)\n    case n: print(n)",
        "pytest_run.failed pytest_run.passed",
    ),
    ("reassigned", R + "r = pytest_run('b')\nprint(r.success)", "pytest_run.success"),
    (
        "either-branch",
        "if x:\n    r = ruff_check('a')\nelse:\n    r = typecheck('a')\nprint(r.success)",
        "ruff_check.success typecheck.success",
    ),
    (
        "after-break",
        T + "for x in t.tests:\n    if x.outcome:\n        found = x\n        break\n"
        "print(found.name)",
        "pytest_run.tests pytest_run.tests.outcome pytest_run.tests.name",
    ),
    ("augmented", R + "n = 0\nn += r.violation_count", "ruff_check.violation_count"),
    ("tool-alias", "check = ruff_check\nprint(check('a').success)", "ruff_check.success"),
    (
        "results-in-list",
        "rs = [typecheck(p) for p in ['a', 'b']]\nprint(sum(r.error_count for r in rs))",
        "typecheck.error_count",
    ),
    (
        "nested-loops",
        "for r in [typecheck('a'), typecheck('b')]:\n    for e in r.errors: print(e.line)",
        "typecheck.errors typecheck.errors.line",
    ),
    ("other-objects", "print(x.success, open('a').errors)", ""),
    ("shadowed", "def ruff_check(p):\n    return p\nprint(ruff_check('a').success)", ""),
]


@pytest.mark.parametrize(("code", "fields"), [pytest.param(*row[1:], id=row[0]) for row in FIELDS])
def test_fields_are_found_by_following_values(code: str, fields: str) -> None:
    """Exactly the fields that the code reads of typed results are found."""
    reading = read_code(code)
    assert reading.problem is None
    assert reading.fields == set(fields.split())
    assert not reading.unknown_fields


CALLS = [
    ("literal", "ruff_check('a')", [("ruff_check", {"path": "a"})]),
    ("keyword", "ruff_check(path='a')", [("ruff_check", {"path": "a"})]),
    ("variable", "p = 'a'\nruff_check(p)", [("ruff_check", {"path": "a"})]),
    ("f-string", "d = 'src'\nruff_check(f'{d}/a.py')", [("ruff_check", {"path": "src/a.py"})]),
    ("sum", "ruff_check('src/' + 'a.py')", [("ruff_check", {"path": "src/a.py"})]),
    (
        "path-object",
        "from pathlib import Path\nruff_check(str(Path('a')))",
        [("ruff_check", {"path": "a"})],
    ),
    (
        "loop",
        "for p in ['a', 'b']: ruff_check(p)",
        [("ruff_check", {"path": "a"}), ("ruff_check", {"path": "b"})],
    ),
    (
        "loop-tuple-pairs",
        "for f, p in ((ruff_check, 'a'), (typecheck, 'b')): f(p)",
        [("ruff_check", {"path": "a"}), ("typecheck", {"path": "b"})],
    ),
    (
        "map",
        "list(map(typecheck, ['a', 'b']))",
        [("typecheck", {"path": "a"}), ("typecheck", {"path": "b"})],
    ),
    (
        "dict-values",
        "d = {'x': 'a'}\nfor k, p in d.items(): ruff_check(p)",
        [("ruff_check", {"path": "a"})],
    ),
    (
        "dict-lookup",
        "d = {'x': 'a', 'y': 'b'}\nruff_check(d['x'])",
        [("ruff_check", {"path": "a"})],
    ),
    ("default", "def f(p='a'):\n    ruff_check(p)\nf()", [("ruff_check", {"path": "a"})]),
    (
        "keyword-only",
        "def f(*, p='a', q=None):\n    ruff_check(p)\nf(q=1)",
        [("ruff_check", {"path": "a"})],
    ),
    (
        "varargs",
        "def f(*ps):\n    for p in ps: ruff_check(p)\nf('a')",
        [("ruff_check", {"path": "a"})],
    ),
    ("starred", "args = ['a']\nruff_check(*args)", [("ruff_check", {"path": "a"})]),
    ("computed", "ruff_check(input())", [("ruff_check", {"path": Computed()})]),
    ("no-argument", "ruff_check()", [("ruff_check", {})]),
    ("too-many", "ruff_check('a', 'b')", [("ruff_check", {"path": "a", "argument 2": "b"})]),
    ("wrong-keyword", "ruff_check(file='a')", [("ruff_check", {"file": "a"})]),
    ("agent-tool", "write_file('a', content='b')", [("write_file", {"path": "a", "content": "b"})]),
    (
        "either-path",
        "p = 'a' if x else 'b'\nruff_check(p)",
        [("ruff_check", {"path": "a"}), ("ruff_check", {"path": "b"})],
    ),
    ("imported", "from tools import ruff_check as rc\nrc('a')", [("ruff_check", {"path": "a"})]),
    ("never-called", "def f(): ruff_check('a')", []),
    ("after-return", "def f():\n    return 1\n    ruff_check('a')\nf()", []),
    ("in-a-string", "x = \"ruff_check('a')\"", []),
    (
        "recursive",
        "def f(n):\n    ruff_check('a')\n    f(n)\nf(1)",
        [("ruff_check", {"path": "a"})],
    ),
]


@pytest.mark.parametrize(("code", "calls"), [pytest.param(*row[1:], id=row[0]) for row in CALLS])
def test_calls_are_found_with_constant_arguments(
    code: str, calls: list[tuple[str, dict[str, object]]]
) -> None:
    """Each call is found once per constant argument; computed arguments say so."""
    reading = read_code(code)
    assert [(call.name, dict(call.arguments)) for call in reading.calls] == calls


@pytest.mark.parametrize(
    ("code", "unknown"),
    [
        (R + "print(r.fixable)", ("ruff_check.fixable",)),
        (R + "print(r.violations[0].name)", ("ruff_check.violations.name",)),
        (R + "print(r.violations[0].line)", ()),
        ("r = x and ruff_check('a') or typecheck('a')\nprint(r.error_count)", ()),
    ],
)
def test_fields_that_do_not_exist_are_named(code: str, unknown: tuple[str, ...]) -> None:
    """A field that no possible value has is reported; one that some value has is not."""
    assert read_code(code).unknown_fields == unknown


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        pytest.param("print(", "line 1", id="syntax"),
        pytest.param("a\0b", "does not parse", id="null-byte"),
        pytest.param("x = " + "-" * 20_000 + "1", "the code", id="unary-tower"),
        pytest.param("x" + ".y" * 20_000, "the code", id="attribute-tower"),
        pytest.param("#" * 100_001, "longer", id="too-long"),
        pytest.param(
            "".join(" " * d + f"for a{d} in [1, 2, 3, 4, 5, 6, 7, 8]:\n" for d in range(9))
            + " " * 9
            + "pass",
            "steps",
            id="too-many-steps",
        ),
    ],
)
def test_unreadable_code_says_why(code: str, problem: str) -> None:
    """Code that cannot be followed has a problem in words, and neither calls nor fields."""
    reading = read_code(code)
    assert reading.problem is not None
    assert problem in reading.problem
    assert (reading.calls, reading.fields) == ((), frozenset())


def test_texts_that_multiply_are_bounded() -> None:
    """A text doubled again and again from two choices is cut to some of its variants."""
    doubled = "s = 'a' if x else 'b'\n" + "s = s + s\n" * 6 + "ruff_check(s)"
    assert 1 < len(read_code(doubled).calls) <= 64


def test_odd_escapes_in_model_code_are_no_warning() -> None:
    """A regular expression in an ordinary string is read without a warning."""
    assert read_code("x = '\\d'\nruff_check('a')").calls
