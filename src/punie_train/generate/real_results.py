"""What ty, ruff and pytest really say about generated projects."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

from punie_train.core.typed_results import TestResult, TypedResult
from punie_train.tools.pytest_run import pytest_run
from punie_train.tools.ruff_check import ruff_check
from punie_train.tools.typecheck import typecheck

Run = tuple[str, str]
"""A tool's name and the path it is run on."""

_TOOLS = {"typecheck": typecheck, "ruff_check": ruff_check, "pytest_run": pytest_run}
WORKERS = 4


def real_results(
    runs: Iterable[Run], workspace: Path, *, seed: str, known: dict[Run, TypedResult]
) -> None:
    """Add the results of runs to `known`; tools run side by side.

    Times of tests are drawn from the seed, since measured ones would differ from run to run;
    everything else is what the tool said.
    """
    missing = [run for run in dict.fromkeys(runs) if run not in known]
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        found = pool.map(lambda run: _TOOLS[run[0]](run[1], workspace=workspace), missing)
        for run, result in zip(missing, found, strict=True):
            known[run] = (
                timed(result, Random(f"{seed} {run}")) if isinstance(result, TestResult) else result
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
    total = round(sum(test.duration for test in tests) + 0.02, 3)
    return replace(result, tests=tests, duration=total if tests else 0.0)
