"""Real ty on a workspace, and reports that cannot be trusted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.typed_results import TypeCheckError, TypeCheckResult
from punie_train.processes.run import Finished
from punie_train.tools.typecheck import read_ty_report, typecheck
from punie_train.tools.workspace import ToolRunError

Files = Callable[[dict[str, str]], Path]

WRONG = "def double(number: int) -> int:\n    return number * 2\n\n\ndouble('2')\n"
RIGHT = "def double(number: int) -> int:\n    return number * 2\n"


def test_clean_code_is_a_success(workspace: Files) -> None:
    """ty ran, wrote an empty report and ended with 0: success, without a parse error."""
    assert typecheck("ok.py", workspace=workspace({"ok.py": RIGHT})) == TypeCheckResult(
        success=True
    )


def test_an_error_is_told_with_its_place(workspace: Files) -> None:
    """File as seen from the workspace, line, column, severity, code and message."""
    result = typecheck("src", workspace=workspace({"src/app.py": WRONG, "src/ok.py": RIGHT}))
    assert (result.success, result.error_count, result.parse_error) == (False, 1, None)
    (error,) = result.errors
    assert (error.file, error.line, error.column) == ("src/app.py", 5, 8)
    assert (error.severity, error.code) == ("error", "invalid-argument-type")
    assert "Expected `int`" in error.message
    assert not error.message.startswith(error.code)


def test_code_that_does_not_parse_is_an_error_of_the_code(workspace: Files) -> None:
    """A syntax error is a finding, not a failure to run."""
    result = typecheck("bad.py", workspace=workspace({"bad.py": "def (:\n"}))
    assert (result.success, result.parse_error) == (False, None)
    assert {error.code for error in result.errors} == {"invalid-syntax"}


def test_warnings_are_counted_and_do_not_fail(workspace: Files) -> None:
    """A warning alone leaves success, whatever the workspace makes of its exit status."""
    config = (
        "[tool.ty.rules]\ninvalid-argument-type = 'warn'\n"
        "[tool.ty.terminal]\nerror-on-warning = true\n"
    )
    result = typecheck("app.py", workspace=workspace({"app.py": WRONG, "pyproject.toml": config}))
    assert (result.success, result.error_count, result.warning_count) == (True, 0, 1)
    assert result.errors[0].severity == "warning"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nope.py", "there is no 'nope.py'"),
        ("empty", "there is no Python file in 'empty'"),
        ("..", "lies outside of the workspace"),
        ("/etc", "lies outside of the workspace"),
        ("a\0b", "is not a path that can be read"),
    ],
    ids=["missing", "empty", "above", "absolute", "null"],
)
def test_a_path_that_cannot_be_checked_is_never_a_success(
    workspace: Files, path: str, why: str
) -> None:
    """Nothing was checked, so nothing is said but why."""
    result = typecheck(path, workspace=workspace({"ok.py": RIGHT}))
    assert result == TypeCheckResult(success=False, parse_error=result.parse_error)
    assert result.parse_error is not None
    assert why in result.parse_error


def test_a_broken_configuration_is_a_parse_error(workspace: Files) -> None:
    """ty ends with 2 and no report."""
    broken = workspace({"ok.py": RIGHT, "pyproject.toml": "[tool.ty\n"})
    result = typecheck("ok.py", workspace=broken)
    assert not result.success
    assert "ty failed (exit status 2)" in (result.parse_error or "")


def test_a_check_that_takes_too_long_is_stopped(workspace: Files) -> None:
    """The deadline ends it, in words."""
    result = typecheck("ok.py", workspace=workspace({"ok.py": RIGHT}), seconds=0.0)
    assert result.parse_error == "ty did not end within 0 s and was stopped"


def _entry(**changes: Any) -> dict[str, Any]:
    positions = {"begin": {"line": 3, "column": 7}}
    entry = {
        "check_name": "a-rule",
        "description": "a-rule: What is wrong",
        "severity": "major",
        "location": {"path": "x.py", "positions": positions},
    }
    return entry | changes


@pytest.mark.parametrize(
    ("status", "output", "errors"),
    [
        (0, "", ""),
        (0, "null", ""),
        (0, "{}", ""),
        (0, "[1]", ""),
        (0, "[{}]", ""),
        (0, json.dumps([_entry()]), ""),
        (1, "[]", ""),
        (1, json.dumps([_entry(severity="minor")]), ""),
        (2, "[]", ""),
        (101, "[]", "panicked"),
        (-9, "[]", ""),
        (0, "[]", "WARN No python files found under the given path(s)"),
    ],
    ids=[
        "no-report",
        "null",
        "object",
        "number",
        "empty-entry",
        "clean-with-errors",
        "findings-without",
        "findings-only-warnings",
        "usage",
        "panic",
        "killed",
        "nothing-checked",
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    tmp_path: Path, status: int, output: str, errors: str
) -> None:
    """Exit status and report must both be there and agree."""
    with pytest.raises(ToolRunError, match=f"exit status {status}"):
        read_ty_report(Finished(status=status, output=output, errors=errors), workspace=tmp_path)


def test_a_report_that_fits_is_read(tmp_path: Path) -> None:
    """The sibling of the refusals."""
    output = json.dumps([_entry(), _entry(severity="minor")])
    result = read_ty_report(Finished(status=1, output=output, errors=""), workspace=tmp_path)
    assert (result.error_count, result.warning_count) == (1, 1)
    assert result.errors[0] == TypeCheckError(
        file="x.py", line=3, column=7, severity="error", code="a-rule", message="What is wrong"
    )
