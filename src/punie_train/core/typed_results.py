"""What the typed tools return: the same values from a real tool, a script and a stub."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCheckError:
    """A finding of the type checker; line and column from 1, severity `error` or `warning`."""

    file: str
    line: int
    column: int
    severity: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCheckResult:
    """`success` says that the checker ran and found no error; else `parse_error` may say why.

    `errors` holds warnings as well, told apart by their severity.
    """

    success: bool
    error_count: int = 0
    warning_count: int = 0
    errors: tuple[TypeCheckError, ...] = ()
    parse_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuffViolation:
    """A violation of a lint rule; line and column from 1."""

    file: str
    line: int
    column: int
    code: str
    message: str
    fixable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuffResult:
    """`success` says that ruff ran and found nothing; else `parse_error` may say why."""

    success: bool
    violation_count: int = 0
    fixable_count: int = 0
    violations: tuple[RuffViolation, ...] = ()
    parse_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestCase:
    """One test; outcome `passed`, `failed`, `error` or `skipped`, duration in seconds."""

    __test__: ClassVar[bool] = False

    name: str
    outcome: str
    duration: float
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """`success` says that tests ran and none failed; else `parse_error` may say why.

    `duration` is in seconds.
    """

    __test__: ClassVar[bool] = False

    success: bool
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    duration: float = 0.0
    tests: tuple[TestCase, ...] = ()
    parse_error: str | None = None


TypedItem = TypeCheckError | RuffViolation | TestCase
TypedResult = TypeCheckResult | RuffResult | TestResult
