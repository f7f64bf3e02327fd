"""Run a suite once for each temperature, each in a pytest process of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punie_train.evals.report import EvalReport
from punie_train.workflows.evaluation_run import evaluate_in_child


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessPlan:
    """What is run: the suite's path, adapters, temperatures, repeats above temperature 0."""

    suite: Path
    adapters: tuple[str, ...]
    model: str | None
    temperatures: tuple[float, ...]
    repeats: int
    output: Path


def run_temperatures(
    plan: RobustnessPlan, *, on_report: Callable[[float, EvalReport], None] = lambda *_: None
) -> list[tuple[float, EvalReport]]:
    """Return the report of each temperature, in order; each is kept in the output directory.

    Raises EvaluationError for a run without a report, with the last words of its log.
    """
    runs = []
    for temperature in plan.temperatures:
        report = _one(plan, temperature)
        on_report(temperature, report)
        runs.append((temperature, report))
    return runs


def options(plan: RobustnessPlan, temperature: float) -> list[str]:
    """Return the options of one run."""
    chosen = [part for adapter in plan.adapters for part in ("--adapter", adapter)]
    model = ["--model", plan.model] if plan.model else []
    repeats = ["--eval-repeats", str(plan.repeats)] if temperature else []
    return [*chosen, *model, *repeats, "--eval-temperature", f"{temperature:g}"]


def _one(plan: RobustnessPlan, temperature: float) -> EvalReport:
    return evaluate_in_child(
        f"the run at temperature {temperature:g}",
        plan.suite,
        plan.output / f"temperature-{temperature:g}.json",
        options(plan, temperature),
    )
