"""What ty, ruff and pytest really say about generated projects."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TypeVar

from punie_train.core.errors import PunieTrainError
from punie_train.core.typed_results import RuffResult, TestResult, TypeCheckResult, TypedResult
from punie_train.tools.pytest_run import pytest_run
from punie_train.tools.ruff_check import ruff_check
from punie_train.tools.typecheck import typecheck

Run = tuple[str, str]
"""A tool's name and the path it is run on."""


Result = TypeVar("Result", TypeCheckResult, RuffResult, TestResult)


class ToolFailedError(PunieTrainError):
    """A tool gave no report about a generated project."""


def real_results(workspace: Path, paths: Iterable[str], *, seed: str) -> Mapping[Run, TypedResult]:
    """Return what each tool says about each path of a workspace.

    Each tool is run once over the whole workspace, and its report is cut into those of the paths:
    the modules do not depend on one another, so a run on one path says the same about it. A path
    without tests has no result of pytest. Times of tests are drawn from the seed, since measured
    ones would differ from run to run. Raises ToolFailedError.
    """
    types = _usable(typecheck(".", workspace=workspace))
    lint = _usable(ruff_check(".", workspace=workspace))
    tests = timed(_usable(pytest_run(".", workspace=workspace)), Random(seed))
    found: dict[Run, TypedResult] = {}
    for path in paths:
        found["typecheck", path] = types_at(types, path)
        found["ruff_check", path] = lint_at(lint, path)
        if (ran := tests_at(tests, path)).tests:
            found["pytest_run", path] = ran
    return found


def _usable(result: Result) -> Result:
    if result.parse_error is not None:
        raise ToolFailedError(
            f"a tool gave no report about a generated project ({result.parse_error})",
            "rows with real results cannot be made",
            "Install ty, ruff and pytest again.",
        )
    return result


def _below(file: str, path: str) -> bool:
    return file == path or file.startswith(f"{path}/")


def types_at(result: TypeCheckResult, path: str) -> TypeCheckResult:
    """Return what the type checker says about the files at a path."""
    errors = tuple(one for one in result.errors if _below(one.file, path))
    count = sum(one.severity == "error" for one in errors)
    return TypeCheckResult(
        success=not count,
        error_count=count,
        warning_count=sum(one.severity == "warning" for one in errors),
        errors=errors,
    )


def lint_at(result: RuffResult, path: str) -> RuffResult:
    """Return what ruff says about the files at a path."""
    violations = tuple(one for one in result.violations if _below(one.file, path))
    return RuffResult(
        success=not violations,
        violation_count=len(violations),
        fixable_count=sum(one.fixable for one in violations),
        violations=violations,
    )


def tests_at(result: TestResult, path: str) -> TestResult:
    """Return how the tests at a path ended; `duration` is the sum of theirs."""
    tests = tuple(one for one in result.tests if _below(one.name.split("::")[0], path))
    outcomes = [one.outcome for one in tests]
    return TestResult(
        success=bool(tests) and not {"failed", "error"} & set(outcomes),
        passed=outcomes.count("passed"),
        failed=outcomes.count("failed"),
        errors=outcomes.count("error"),
        skipped=outcomes.count("skipped"),
        duration=round(sum(one.duration for one in tests), 3),
        tests=tests,
    )


def timed(result: TestResult, rng: Random) -> TestResult:
    """Return a result with other times: milliseconds for most tests, seconds for a few."""
    tests = tuple(
        replace(
            test,
            duration=0.0
            if test.outcome == "skipped"
            else round(rng.choice((0.001, 0.002, 0.01, 0.1, 1.0)) * rng.uniform(1, 9), 3),
        )
        for test in result.tests
    )
    return replace(result, tests=tests, duration=round(sum(one.duration for one in tests), 3))
