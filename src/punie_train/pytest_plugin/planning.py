"""What is made sure before the first request of a session."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.items import CaseItem
from punie_train.workflows.evaluate import Job

if TYPE_CHECKING:
    from punie_train.pytest_plugin.eval_session import EvalSession


def hold_the_bar(session: "EvalSession") -> None:
    """Verify, then lock the bar, where that is asked for; raise what is wrong with it."""
    lock, verify = session.options.lock, session.options.verify
    if not (lock or verify):
        return
    from punie_train.evals.bar import bar_of
    from punie_train.workflows.lock_bar import lock_bar, verify_bar

    baseline = session.options.baseline
    drops = dict(baseline.max_drop) if baseline else {}
    bar = bar_of(session.suites, session.policy, {"max_drop": drops})
    directory = session.config.invocation_params.dir
    if verify:
        verify_bar(bar, directory / verify)
    if lock:
        lock_bar(bar, directory / lock)


def check_writable(report: Path, option: str = "--eval-report") -> None:
    """Raise UsageError for a report that could not be written, before an hour is spent on it.

    `option` is the one that gives its place.
    """
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        problem = None if os.access(report.parent, os.W_OK) else "its directory is read-only"
    except OSError as error:
        problem = error.strerror or str(error)
    if report.is_dir():
        problem = "it is a directory"
    elif report.exists() and not report.is_file():
        problem = "it is a device or a pipe, whose place it would take"
    if problem:
        raise UsageError(
            f"The report {report} cannot be written ({problem})",
            "the results would be lost",
            f"Give another file with {option}.",
        )


def jobs_of(items: Sequence[pytest.Item], group: str) -> tuple[Job, ...]:
    """Return the jobs of a group in item order."""
    return tuple(
        Job(key=item.key, case=item.case)
        for item in items
        if isinstance(item, CaseItem) and item.group == group
    )
