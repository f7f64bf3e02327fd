"""Evaluate a new adapter against the best one so far, right after its training."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.errors import PunieTrainError, UsageError
from punie_train.core.journal import EVALUATION, Journal, read_journal
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import read_manifest
from punie_train.processes.run import run
from punie_train.workflows.keep_journal import journal_path
from punie_train.workflows.wanted import BASE

SECONDS = 24 * 3600.0
_PASSED, _FAILED = 0, 1


class EvaluationError(PunieTrainError):
    """The evaluation after a training could not be made; the adapter is not affected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationAfter:
    """What pytest said: against which adapter, whether all gates hold, and its output."""

    baseline: str
    passed: bool
    output: str


def check_suites(suites: Iterable[str]) -> None:
    """Raise UsageError for a suite that is not there, before anything is trained."""
    for suite in suites:
        if not Path(suite.split("::")[0]).exists():
            raise UsageError(
                f"--evaluate-after {suite} does not exist",
                "the new adapter could not be evaluated",
                "Give a directory or a file with cases, such as evals.",
            )


def evaluate_after(
    suites: Sequence[str], adapter: Path, model: str, settings: Settings
) -> EvaluationAfter:
    """Run pytest on the suites for the best adapter so far and the new one, paired.

    Its report and its journal entry are those of every evaluation. Raises UsageError outside of a
    project with settings and EvaluationError when pytest ends without a verdict.
    """
    if not settings.active:
        raise UsageError(
            "there is no [tool.punie-train] in a pyproject.toml here",
            "pytest does not know --adapter, and the evaluation was not made",
            f"Add the table, an empty one will do, and run pytest SUITE --adapter {adapter}",
        )
    journal = read_journal(journal_path(settings.root))
    baseline = best_adapter(journal, settings.root, model, but=adapter) or settings.adapter or BASE
    if baseline != BASE and not (Path.cwd() / baseline).exists():
        baseline = str(settings.root / baseline)
    if baseline != BASE and Path(baseline).resolve() == adapter.resolve():
        baseline = BASE
    finished = run(
        evaluation_command(suites, adapter, model, baseline),
        cwd=Path.cwd(),
        seconds=SECONDS,
        env={**os.environ, "NO_COLOR": "1"},
    )
    if finished.status not in (_PASSED, _FAILED):
        words = (finished.output or finished.errors).strip().splitlines()[-25:]
        raise EvaluationError(
            f"pytest ended with status {finished.status}",
            f"{adapter} is trained but not evaluated. Its last words:\n" + "\n".join(words) + "\n",
            f"Mend the cause, then: pytest {' '.join(suites)} --adapter {adapter}",
        )
    return EvaluationAfter(
        baseline=baseline, passed=finished.status == _PASSED, output=finished.output
    )


def evaluation_command(
    suites: Sequence[str], adapter: Path, model: str, baseline: str
) -> tuple[str, ...]:
    """Return the module and its arguments that evaluate the new adapter beside the other one."""
    compared = ("--adapter", baseline, "--adapter", str(adapter), "--eval-baseline", baseline)
    quiet = ("-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
    return ("pytest", *suites, "--model", model, *compared, *quiet)


def best_adapter(journal: Journal, root: Path, model: str, *, but: Path) -> str | None:
    """Return the path of the adapter with the highest score in the journal that still fits.

    It is there, complete, not `but`, and of the same base model. Of equal ones the later counts.
    """
    best, score = None, -1.0
    for entry in journal.entries:
        for facts in _adapters(entry.facts) if entry.kind == EVALUATION else ():
            path, found = facts.get("path"), (facts.get("overall") or {}).get("score")
            if not isinstance(path, str) or not isinstance(found, int | float) or found < score:
                continue
            place = root / path
            manifest = read_manifest(place) if place.resolve() != but.resolve() else None
            if manifest and manifest.complete and manifest.base_model == model:
                best, score = str(place), float(found)
    return best


def _adapters(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = facts.get("adapters")
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
