"""Code runs on scripted results, and what it read and did is recorded."""

import pytest

from punie_train.core.code_observations import RunEnd
from punie_train.core.messages import ToolCall
from punie_train.core.typed_results import (
    RuffResult,
    TestResult,
    TypeCheckError,
    TypeCheckResult,
)
from punie_train.sandbox.run_code import LONGEST_CODE, Sandbox
from punie_train.sandbox.scripts import CLEAN, FINDINGS, SCRIPTS, Script

LOOP = """
result = ruff_check("src/app.py")
for violation in result.violations:
    if violation.fixable:
        print(violation.file, violation.line, violation.code)
"""


def test_reads_calls_and_output_are_recorded(sandbox: Sandbox) -> None:
    """The fields that the code really read come back, with the call and what was printed."""
    run = sandbox.run(LOOP)
    assert (run.end, run.reason, run.script) == (RunEnd.DONE, "", "findings")
    assert run.calls == (ToolCall(name="ruff_check", arguments={"path": "src/app.py"}),)
    assert run.output == "src/app.py 1 F401\nsrc/app.py 40 I001\n"
    assert run.fields == {
        "ruff_check.violations",
        *(f"ruff_check.violations.{name}" for name in ("fixable", "file", "line", "code")),
    }


def test_what_a_branch_does_not_reach_is_not_read(sandbox: Sandbox) -> None:
    """A name in the code counts only where it was run, never in a comment or a string."""
    code = (
        "result = typecheck('a.py')  # result.parse_error\n"
        "if result.success:\n    print(result.warning_count)\n"
        "print('result.errors')"
    )
    assert sandbox.run(code).fields == {"typecheck.success"}
    assert sandbox.run(code, CLEAN).fields == {"typecheck.success", "typecheck.warning_count"}


def test_a_script_can_be_overridden(sandbox: Sandbox) -> None:
    """Answers are used in turn, the last one again; others stay as they were."""
    error = TypeCheckError(
        file="x.py", line=3, column=1, severity="error", code="c", message="broken"
    )
    script = FINDINGS.with_answers(
        typecheck=(
            TypeCheckResult(success=False, error_count=1, errors=(error,)),
            TypeCheckResult(success=True),
        ),
        read_file="the text",
    )
    code = (
        "for _ in range(3):\n    r = typecheck('x.py')\n    print(r.success, len(r.errors))\n"
        "print(read_file(path='x.py'), ruff_check('x.py').violation_count)"
    )
    output = sandbox.run(code, script).output
    assert output.split("\n") == ["False 1", "True 0", "True 0", "the text 4", ""]


def test_every_tool_can_be_called(sandbox: Sandbox) -> None:
    """The typed tools and the agent's own seven are there, by position and by name."""
    code = """
typecheck("a"); ruff_check(path="a"); pytest_run("a")
write_file("a.txt", content="text"); read_file("a.txt")
terminal = run_command("pytest")
wait_for_terminal_exit(terminal); get_terminal_output(terminal_id=terminal)
kill_terminal(terminal); release_terminal(terminal)
print("all")
"""
    run = sandbox.run(code)
    assert (run.end, run.output, len(run.calls)) == (RunEnd.DONE, "all\n", 10)
    assert run.calls[3].arguments == {"path": "a.txt", "content": "text"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("typecheck()", "misses the argument 'path'"),
        ("typecheck('a', 'b')", "takes 1 arguments, 2 were given"),
        ("typecheck('a', path='b')", "got the argument 'path' twice"),
        ("typecheck(file='a')", "there is no such parameter"),
        ("typecheck(5)", "wants text for 'path', not int"),
        ("typecheck('a').bogus", "no attribute 'bogus'"),
        ("typecheck('a').errors[0].fixable", "no attribute 'fixable'"),
        ("typecheck('a')['success']", "not subscriptable"),
        ("ruffcheck('a')", "'ruffcheck' is not defined"),
    ],
    ids=["missing", "extra", "twice", "unknown", "type", "field", "item-field", "dict", "tool"],
)
def test_wrong_use_of_a_tool_fails(sandbox: Sandbox, code: str, reason: str) -> None:
    """A wrong call or a field that does not exist ends the run with a reason and the line."""
    run = sandbox.run(f"print('begun')\n{code}")
    assert (run.end, run.line, run.output) == (RunEnd.ERROR, 2, "begun\n")
    assert reason in run.reason


def test_code_that_does_not_parse_says_where(sandbox: Sandbox) -> None:
    """A syntax error and too long code are told; nothing ran."""
    broken = sandbox.run("x = (")
    assert broken.end is RunEnd.SYNTAX
    assert broken.reason.startswith("the code does not parse")
    long = sandbox.observe("#" * (LONGEST_CODE + 1))
    assert long.runs[0].end is RunEnd.SYNTAX
    assert "longer than" in long.type_problems[0]


def test_the_type_check_names_fields_that_do_not_exist(sandbox: Sandbox) -> None:
    """Unknown fields are complaints by name and line, even where the run never gets there."""
    seen = sandbox.observe(
        "result = typecheck('a.py')\nif result.success:\n    print(result.total)\n"
        "for error in result.errors:\n    print(error.severity, error.fixable)\n"
    )
    assert seen.type_problems == (
        "line 3: Object of type `TypeCheckResult` has no attribute `total`",
        "line 5: Object of type `TypeCheckError` has no attribute `fixable`",
    )
    assert seen.runs[0].end is RunEnd.ERROR
    assert sandbox.observe(LOOP).type_problems == ()


def test_fields_behind_conditions_are_found_by_other_scripts(sandbox: Sandbox) -> None:
    """Clean, unusable and made-up results follow until all wanted fields were read."""
    code = (
        "result = pytest_run('tests')\nif result.parse_error:\n    print(result.parse_error)\n"
        "elif result.success:\n    print(result.passed)\n"
        "for test in result.tests:\n    if test.duration > 60 and test.outcome == 'failed':\n"
        "        print(test.name)\n"
    )
    assert "pytest_run.tests.name" not in sandbox.observe(code).fields
    wanted = frozenset({"pytest_run.passed", "pytest_run.parse_error", "pytest_run.tests.name"})
    seen = sandbox.observe(code, wanted=wanted)
    assert wanted <= seen.fields
    assert [run.script for run in seen.runs[:3]] == ["findings", "clean", "unusable"]
    assert {run.end for run in seen.runs} == {RunEnd.DONE}


def test_what_cannot_be_recorded_runs_without_a_record(sandbox: Sandbox) -> None:
    """A field read inside the key of `sorted` is the sandbox's limit, not a fault of the code."""
    code = (
        "tests = pytest_run('tests').tests\n"
        "print(sorted(tests, key=lambda test: test.duration)[-1].name)"
    )
    seen = sandbox.observe(code)
    assert seen.runs[0].end is RunEnd.UNSUPPORTED
    assert "cannot run this, though it is valid Python" in seen.runs[0].reason
    assert seen.unrecorded is not None
    assert (seen.unrecorded.end, seen.unrecorded.output) == (RunEnd.DONE, "test_tax\n")
    assert seen.unrecorded.fields == frozenset()


def test_what_cannot_be_recorded_in_another_run_is_repeated_there(sandbox: Sandbox) -> None:
    """The branch that sorts is reached by the clean script only."""
    code = (
        "r = pytest_run('tests')\n"
        "print(max(r.tests, key=lambda t: t.duration).name if r.success else r.failed)"
    )
    seen = sandbox.observe(code)
    assert [run.end for run in seen.runs[:2]] == [RunEnd.DONE, RunEnd.UNSUPPORTED]
    assert seen.unrecorded is not None
    assert (seen.unrecorded.script, seen.unrecorded.output) == ("clean", "test_tax\n")


@pytest.mark.parametrize(
    "code",
    ["print(next(n for n in [1, 2]))", "def g():\n    yield 1\nprint(list(g()))"],
    ids=["next-of-generator", "generator-function"],
)
def test_python_that_the_sandbox_lacks_is_told_apart(sandbox: Sandbox, code: str) -> None:
    """Valid Python that it cannot run is unsupported, not an error of the code."""
    seen = sandbox.observe(code)
    assert seen.runs[0].end is RunEnd.UNSUPPORTED
    assert seen.unrecorded is not None
    assert seen.unrecorded.end is RunEnd.UNSUPPORTED


def test_runs_do_not_see_each_other(sandbox: Sandbox) -> None:
    """Names of one run are gone in the next."""
    assert sandbox.run("left = 1\nprint(left)").end is RunEnd.DONE
    assert "'left' is not defined" in sandbox.run("print(left)").reason


def test_the_same_code_gives_the_same_runs(sandbox: Sandbox) -> None:
    """Chance in the code and in made-up scripts is fixed."""
    code = "import random\nprint(random.random(), ruff_check('a').violation_count)"
    wanted = frozenset({"ruff_check.success"})
    assert sandbox.observe(code, wanted=wanted) == sandbox.observe(code, wanted=wanted)


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])
def test_the_scripts_tell_a_consistent_story(script: Script) -> None:
    """Counts fit the items in every script, and only the unusable one has no report."""
    for (answer,) in script.answers.values():
        match answer:
            case TypeCheckResult():
                severities = [item.severity for item in answer.errors]
                assert severities.count("error") == answer.error_count
                assert severities.count("warning") == answer.warning_count
            case RuffResult():
                assert len(answer.violations) == answer.violation_count
                assert sum(item.fixable for item in answer.violations) == answer.fixable_count
            case TestResult():
                outcomes = [test.outcome for test in answer.tests]
                assert outcomes.count("passed") == answer.passed
                assert outcomes.count("failed") == answer.failed
            case str():
                continue
        assert bool(answer.parse_error) == (script.name == "unusable")
