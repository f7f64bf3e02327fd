"""The report of one run over a workspace, cut by path, is what a run on the path says."""

from dataclasses import replace
from pathlib import Path
from random import Random

from punie_train.core.typed_results import TestResult
from punie_train.generate.plain_names import PlainNames
from punie_train.generate.projects import project
from punie_train.generate.real_results import real_results
from punie_train.tools.pytest_run import pytest_run
from punie_train.tools.ruff_check import ruff_check
from punie_train.tools.typecheck import typecheck


def _untimed(result: TestResult) -> TestResult:
    tests = tuple(replace(one, duration=0.0) for one in result.tests)
    return replace(result, tests=tests, duration=0.0)


def test_cut_reports_equal_single_runs(tmp_path: Path) -> None:
    """Module, package and test file get the findings that the tools give them alone."""
    rng = Random(4)
    made = project(rng, PlainNames(rng))
    made.write(tmp_path)
    found = real_results(tmp_path, made.checked, seed="4")
    assert any(not result.success for result in found.values())
    for path in (made.modules[0], made.package):
        assert found["typecheck", path] == typecheck(path, workspace=tmp_path)
        assert found["ruff_check", path] == ruff_check(path, workspace=tmp_path)
    ran = found["pytest_run", made.tests[0]]
    alone = pytest_run(made.tests[0], workspace=tmp_path)
    assert isinstance(ran, TestResult)
    assert _untimed(ran) == _untimed(alone)
    assert ("pytest_run", made.modules[0]) not in found
