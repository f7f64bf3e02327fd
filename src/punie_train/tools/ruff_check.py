"""Lint a path of a workspace with ruff."""

from pathlib import Path
from typing import Any

from punie_train.core.typed_results import RuffResult, RuffViolation
from punie_train.processes.run import Finished
from punie_train.tools.workspace import (
    ToolRunError,
    entries,
    place_in,
    relative,
    run_tool,
    unusable,
)

RULES = "E,F,I,W"
"""What is checked, whatever ruff's own defaults or the workspace's settings are."""

_CLEAN, _FINDINGS = 0, 1
_NOT_READ = "E902"


def ruff_check(path: str, *, workspace: Path, seconds: float = 60.0) -> RuffResult:
    """Return what ruff finds at the path; what keeps it from a report is `parse_error`."""
    try:
        place = place_in(workspace, path)
        command = ("ruff", "check", "--isolated", "--no-cache", "--select", RULES)
        finished = run_tool(
            (*command, "--output-format", "json", str(place)), workspace=workspace, seconds=seconds
        )
        return read_ruff_report(finished, workspace=workspace)
    except ToolRunError as error:
        return RuffResult(success=False, parse_error=str(error))


def read_ruff_report(finished: Finished, *, workspace: Path) -> RuffResult:
    """Return the result in a JSON report; the exit status must agree with it.

    Raises ToolRunError where it does not, or where there is no such report.
    """
    if finished.status not in (_CLEAN, _FINDINGS):
        raise unusable("ruff", finished, "failed")
    if "no python files found" in finished.errors.lower():
        raise unusable("ruff", finished, "checked nothing")
    try:
        violations = tuple(_violation(entry, workspace) for entry in entries(finished.output))
    except (ValueError, KeyError, TypeError) as error:
        raise unusable("ruff", finished, f"gave no readable report, {error!r}") from error
    if (finished.status == _FINDINGS) != bool(violations):
        raise unusable("ruff", finished, f"reported {len(violations)} violations")
    for violation in violations:
        if violation.code == _NOT_READ:
            raise unusable("ruff", finished, f"could not read {violation.file}")
    return RuffResult(
        success=finished.status == _CLEAN,
        violation_count=len(violations),
        fixable_count=sum(violation.fixable for violation in violations),
        violations=violations,
    )


def _violation(entry: dict[str, Any], workspace: Path) -> RuffViolation:
    fix = entry["fix"]
    return RuffViolation(
        file=relative(workspace, entry["filename"]),
        line=entry["location"]["row"],
        column=entry["location"]["column"],
        code=entry["code"] or "invalid-syntax",
        message=entry["message"],
        fixable=bool(fix) and fix["applicability"] == "safe",
    )
