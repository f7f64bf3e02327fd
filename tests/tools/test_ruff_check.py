"""Real ruff on a workspace, and reports that cannot be trusted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.typed_results import RuffResult
from punie_train.processes.run import Finished
from punie_train.tools.ruff_check import read_ruff_report, ruff_check
from punie_train.tools.workspace import ToolRunError

Files = Callable[[dict[str, str]], Path]

UNUSED = "import os\n\nprint(total)\n"


def test_clean_code_is_a_success(workspace: Files) -> None:
    """ruff ran, wrote an empty report and ended with 0."""
    assert ruff_check("ok.py", workspace=workspace({"ok.py": "x = 1\n"})) == RuffResult(
        success=True
    )


def test_violations_are_told_with_their_place(workspace: Files) -> None:
    """File as seen from the workspace, line, column, code, message, and what can be fixed."""
    result = ruff_check(".", workspace=workspace({"src/app.py": UNUSED}))
    assert (result.success, result.violation_count, result.fixable_count) == (False, 2, 1)
    unused, undefined = result.violations
    assert (unused.file, unused.line, unused.column) == ("src/app.py", 1, 8)
    assert (unused.code, unused.fixable) == ("F401", True)
    assert (undefined.code, undefined.fixable) == ("F821", False)
    assert "total" in undefined.message


def test_the_rules_are_ours(workspace: Files) -> None:
    """Settings of the workspace change nothing, so that results can be compared."""
    config = "[lint]\nignore = ['F401', 'F821']\n"
    result = ruff_check("app.py", workspace=workspace({"app.py": UNUSED, "ruff.toml": config}))
    assert [violation.code for violation in result.violations] == ["F401", "F821"]


def test_code_that_does_not_parse_is_a_violation(workspace: Files) -> None:
    """A syntax error is a finding, not a failure to run."""
    result = ruff_check("bad.py", workspace=workspace({"bad.py": "def (:\n"}))
    assert (result.success, result.parse_error) == (False, None)
    assert result.violations[0].code == "invalid-syntax"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nope.py", "there is no 'nope.py'"),
        ("empty", "there is no Python file in 'empty'"),
        ("../ws2", "lies outside of the workspace"),
        ("--fix", "there is no '--fix'"),
    ],
    ids=["missing", "empty", "above", "option"],
)
def test_a_path_that_cannot_be_checked_is_never_a_success(
    workspace: Files, path: str, why: str
) -> None:
    """Nothing was checked, so nothing is said but why."""
    result = ruff_check(path, workspace=workspace({"ok.py": "x = 1\n"}))
    assert result == RuffResult(success=False, parse_error=result.parse_error)
    assert why in (result.parse_error or "")


def test_a_tool_that_cannot_be_started_is_a_parse_error(tmp_path: Path) -> None:
    """A workspace that is not there."""
    result = ruff_check(".", workspace=tmp_path / "gone")
    assert (result.success, result.parse_error) == (False, "there is no '.' in the workspace")


def test_a_check_that_takes_too_long_is_stopped(workspace: Files) -> None:
    """The deadline ends it, in words."""
    result = ruff_check("ok.py", workspace=workspace({"ok.py": "x = 1\n"}), seconds=0.0)
    assert result.parse_error == "ruff did not end within 0 s and was stopped"


_ENTRY = {
    "code": "F401",
    "filename": "x.py",
    "fix": None,
    "location": {"row": 1, "column": 8},
    "message": "unused",
}


@pytest.mark.parametrize(
    ("status", "output", "errors"),
    [
        (0, "", ""),
        (0, "null", ""),
        (0, "{}", ""),
        (0, "[{}]", ""),
        (0, json.dumps([_ENTRY]), ""),
        (1, "[]", ""),
        (1, json.dumps([_ENTRY | {"code": "E902"}]), ""),
        (2, "[]", "error: unexpected argument"),
        (0, "[]", "warning: No Python files found under the given path(s)"),
    ],
    ids=[
        "no-report",
        "null",
        "object",
        "empty-entry",
        "clean-with-violations",
        "violations-without",
        "unreadable-file",
        "usage",
        "nothing-checked",
    ],
)
def test_a_report_that_does_not_fit_is_refused(
    tmp_path: Path, status: int, output: str, errors: str
) -> None:
    """Exit status and report must both be there and agree."""
    with pytest.raises(ToolRunError, match=f"exit status {status}"):
        read_ruff_report(Finished(status=status, output=output, errors=errors), workspace=tmp_path)


def test_a_report_that_fits_is_read(tmp_path: Path) -> None:
    """The sibling of the refusals; a fix that is not safe does not count."""
    fix = {"applicability": "unsafe"}
    entries = [_ENTRY, _ENTRY | {"fix": fix}, _ENTRY | {"code": None}]
    finished = Finished(status=1, output=json.dumps(entries), errors="")
    result = read_ruff_report(finished, workspace=tmp_path)
    assert (result.violation_count, result.fixable_count) == (3, 0)
    assert result.violations[2].code == "invalid-syntax"
