"""What the tools answer in the sandbox: nothing is checked, linted or run there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from punie_train.core.typed_results import (
    RuffResult,
    RuffViolation,
    TestCase,
    TestResult,
    TypeCheckError,
    TypeCheckResult,
    TypedResult,
)

FILE = "{file}"
"""Stands in the files of scripted items for a file at the path that was asked for."""

Answer = TypedResult | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Answers by tool name, used in turn, the last one again and again."""

    name: str
    answers: Mapping[str, tuple[Answer, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def with_answers(self, **answers: Answer | tuple[Answer, ...]) -> "Script":
        """Return the script with other answers for some tools."""
        given = {
            name: answer if isinstance(answer, tuple) else (answer,)
            for name, answer in answers.items()
        }
        return replace(self, answers=MappingProxyType({**self.answers, **given}))


def _error(line: int, severity: str, code: str, message: str) -> TypeCheckError:
    return TypeCheckError(
        file=FILE, line=line, column=5, severity=severity, code=code, message=message
    )


def _violation(line: int, code: str, message: str, *, fixable: bool) -> RuffViolation:
    return RuffViolation(
        file=FILE, line=line, column=1, code=code, message=message, fixable=fixable
    )


_SOURCE = (
    "import os\n\n\n" + "\n".join(f"price_{number} = {number}" for number in range(100)) + "\n"
)

_TEXTS: dict[str, tuple[Answer, ...]] = {
    "read_file": (_SOURCE,),
    "write_file": ("ok",),
    "run_command": ("terminal-1",),
    "get_terminal_output": ("3 passed in 0.12s\n",),
    "release_terminal": ("ok",),
    "wait_for_terminal_exit": ("0",),
    "kill_terminal": ("ok",),
}

FINDINGS = Script(
    name="findings",
    answers=MappingProxyType(
        {
            **_TEXTS,
            "typecheck": (
                TypeCheckResult(
                    success=False,
                    error_count=3,
                    warning_count=1,
                    errors=(
                        _error(12, "error", "invalid-argument-type", "Expected `int`, found `str`"),
                        _error(31, "error", "unresolved-import", "Cannot resolve module `yaml`"),
                        _error(31, "error", "invalid-return-type", "Expected `str`, found `None`"),
                        _error(58, "warning", "possibly-unresolved-reference", "`x` may be unset"),
                    ),
                ),
            ),
            "ruff_check": (
                RuffResult(
                    success=False,
                    violation_count=4,
                    fixable_count=2,
                    violations=(
                        _violation(1, "F401", "`os` imported but unused", fixable=True),
                        _violation(7, "E501", "Line too long (124 > 100)", fixable=False),
                        _violation(7, "F841", "Local variable `x` is never used", fixable=False),
                        _violation(40, "I001", "Import block is unsorted", fixable=True),
                    ),
                ),
            ),
            "pytest_run": (
                TestResult(
                    success=False,
                    passed=2,
                    failed=1,
                    errors=1,
                    skipped=1,
                    duration=1.75,
                    tests=(
                        TestCase(name="test_total", outcome="passed", duration=0.25),
                        TestCase(name="test_tax", outcome="passed", duration=1.0),
                        TestCase(
                            name="test_discount",
                            outcome="failed",
                            duration=0.4,
                            message="AssertionError: assert 90 == 85",
                        ),
                        TestCase(
                            name="test_refund",
                            outcome="error",
                            duration=0.1,
                            message="fixture 'account' not found",
                        ),
                        TestCase(
                            name="test_export",
                            outcome="skipped",
                            duration=0.0,
                            message="needs a printer",
                        ),
                    ),
                ),
            ),
        }
    ),
)
"""Every tool works and finds something: some errors, some violations, some failed tests."""

CLEAN = replace(FINDINGS, name="clean").with_answers(
    typecheck=TypeCheckResult(success=True),
    ruff_check=RuffResult(success=True),
    pytest_run=TestResult(
        success=True,
        passed=2,
        duration=1.25,
        tests=(
            TestCase(name="test_total", outcome="passed", duration=0.25),
            TestCase(name="test_tax", outcome="passed", duration=1.0),
        ),
    ),
)
"""Every tool works and finds nothing to complain about."""

UNUSABLE = replace(FINDINGS, name="unusable").with_answers(
    typecheck=TypeCheckResult(success=False, parse_error="ty could not be started"),
    ruff_check=RuffResult(success=False, parse_error="ruff could not be started"),
    pytest_run=TestResult(success=False, parse_error="no test was found"),
)
"""No typed tool gives a report."""

SCRIPTS = (FINDINGS, CLEAN, UNUSABLE)
