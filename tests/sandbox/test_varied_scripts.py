"""Made-up results meet the conditions of the code they are made for."""

from itertools import islice

import pytest

from punie_train.core.typed_results import RuffResult, TypeCheckResult
from punie_train.sandbox.run_code import Sandbox
from punie_train.sandbox.varied_scripts import Constants, constants, varied_scripts


def test_constants_belong_to_the_field_they_stand_with() -> None:
    """Comparisons and calls tie constants to a field; numbers come with their neighbours."""
    known = constants("if r.passed > 40 and v.code.startswith('W'): print('done', 7)")
    assert set(known.all) == {40, 7, "W", "done"}
    assert known.numbers("passed") == (40, 41, 39, 50)
    assert known.texts("code") == ("W",)
    assert set(known.texts("message")) == {"W", "done"}
    assert set(known.numbers("failed")) == {40, 41, 39, 7, 8, 6, 50}


@pytest.mark.parametrize("code", ["x = (", "\0", "(" * 9000], ids=["syntax", "null", "deep"])
def test_code_that_does_not_parse_has_none(code: str) -> None:
    """Hostile text gives the usual values."""
    assert constants(code) == Constants()
    assert constants(code).numbers("line") == (0, 2, 9)


def test_scripts_are_the_same_for_the_same_code() -> None:
    """And differ from each other, call by call."""
    first, again = (list(islice(varied_scripts("x = 1"), 4)) for _ in range(2))
    assert first == again
    assert len({script.answers["typecheck"] for script in first}) == 4
    (one, two, three) = first[0].answers["ruff_check"]
    assert isinstance(one, RuffResult)
    assert one != two != three
    assert isinstance(first[0].answers["typecheck"][0], TypeCheckResult)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("if r.warning_count == 4: print(r.error_count)", "error_count"),
        ("if r.warning_count > 1000: print(r.error_count)", "error_count"),
        ("if r.warning_count > r.error_count > 0: print(r.parse_error)", "parse_error"),
        ("print([e.line for e in r.errors if e.code == 'missing-argument'])", "errors.line"),
        ("print([e.line for e in r.errors if 'yaml' in e.message.lower()])", "errors.line"),
        (
            "print([e.line for e in r.errors if e.severity == 'fatal' and e.column < 3])",
            "errors.line",
        ),
    ],
    ids=["equal", "above", "fields", "item", "contains", "both"],
)
def test_conditions_are_met(sandbox: Sandbox, line: str, field: str) -> None:
    """What stands behind a condition is read in one of the runs."""
    wanted = frozenset({f"typecheck.{field}"})
    assert wanted <= sandbox.observe(f"r = typecheck('a.py')\n{line}", wanted=wanted).fields


def test_two_calls_of_a_tool_can_differ(sandbox: Sandbox) -> None:
    """A comparison of two results goes both ways."""
    code = "a, b = pytest_run('a'), pytest_run('b')\nprint('a' if a.passed > b.passed else 'b')"
    seen = sandbox.observe(code, wanted=frozenset({"pytest_run.passed"}))
    assert {run.output for run in seen.runs} == {"a\n", "b\n"}
