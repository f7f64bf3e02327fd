"""Type-check a path of a workspace with ty."""

from pathlib import Path
from typing import Any

from punie_train.core.typed_results import TypeCheckError, TypeCheckResult
from punie_train.processes.run import Finished
from punie_train.tools.workspace import (
    ToolRunError,
    entries,
    place_in,
    python_environment,
    relative,
    run_tool,
    unusable,
)

_CLEAN, _FINDINGS = 0, 1
_SEVERITIES = {"info": "info", "minor": "warning"}


def typecheck(path: str, *, workspace: Path, seconds: float = 120.0) -> TypeCheckResult:
    """Return what ty finds at the path; what keeps it from a report is `parse_error`."""
    try:
        place = place_in(workspace, path)
        command = ("ty", "check", "--output-format", "gitlab", "--no-progress", "--color", "never")
        where = (
            *("--project", str(workspace.resolve())),
            *("--python", str(python_environment(workspace))),
            *("-c", "terminal.error-on-warning=false"),
        )
        finished = run_tool((*command, *where, str(place)), workspace=workspace, seconds=seconds)
        return read_ty_report(finished, workspace=workspace)
    except ToolRunError as error:
        return TypeCheckResult(success=False, parse_error=str(error))


def read_ty_report(finished: Finished, *, workspace: Path) -> TypeCheckResult:
    """Return the result in a report in GitLab's format; the exit status must agree with it.

    Raises ToolRunError where it does not, or where there is no such report.
    """
    if finished.status not in (_CLEAN, _FINDINGS):
        raise unusable("ty", finished, "failed")
    if "no python files found" in finished.errors.lower():
        raise unusable("ty", finished, "checked nothing")
    try:
        errors = tuple(_error(entry, workspace) for entry in entries(finished.output))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise unusable("ty", finished, f"gave no readable report, {error!r}") from error
    severities = [error.severity for error in errors]
    if (finished.status == _FINDINGS) != ("error" in severities):
        raise unusable("ty", finished, f"reported {severities.count('error')} errors")
    return TypeCheckResult(
        success=finished.status == _CLEAN,
        error_count=severities.count("error"),
        warning_count=severities.count("warning"),
        errors=errors,
    )


def _error(entry: dict[str, Any], workspace: Path) -> TypeCheckError:
    begin = entry["location"]["positions"]["begin"]
    return TypeCheckError(
        file=relative(workspace, entry["location"]["path"]),
        line=begin["line"],
        column=begin["column"],
        severity=_SEVERITIES.get(entry["severity"], "error"),
        code=entry["check_name"],
        message=entry["description"].removeprefix(f"{entry['check_name']}: "),
    )
