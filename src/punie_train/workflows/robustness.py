"""Run a suite once for each temperature, each in a pytest process of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.errors import PunieTrainError
from punie_train.evals.report import EvalReport
from punie_train.processes.child import Child
from punie_train.reporting.read_report import read_report

LOG_LINES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessPlan:
    """What is run: the suite's path, adapters, temperatures, repeats above temperature 0."""

    suite: Path
    adapters: tuple[str, ...]
    model: str | None
    temperatures: tuple[float, ...]
    repeats: int
    output: Path


class RobustnessError(PunieTrainError):
    """One of the runs gave no report."""


def run_temperatures(
    plan: RobustnessPlan, *, on_report: Callable[[float, EvalReport], None] = lambda *_: None
) -> list[tuple[float, EvalReport]]:
    """Return the report of each temperature, in order; each is kept in the output directory.

    Raises RobustnessError for a run without a report, with the last words of its log.
    """
    runs = []
    for temperature in plan.temperatures:
        report = _one(plan, temperature)
        on_report(temperature, report)
        runs.append((temperature, report))
    return runs


def command(plan: RobustnessPlan, temperature: float, report: Path) -> list[str]:
    """Return the module and arguments of one run."""
    chosen = [part for adapter in plan.adapters for part in ("--adapter", adapter)]
    model = ["--model", plan.model] if plan.model else []
    repeats = ["--eval-repeats", str(plan.repeats)] if temperature else []
    return [
        *("pytest", str(plan.suite), "-q", "-p", "no:cacheprovider"),
        *(*chosen, *model, *repeats),
        *("--eval-temperature", f"{temperature:g}", "--eval-report", str(report)),
    ]


def _one(plan: RobustnessPlan, temperature: float) -> EvalReport:
    report = plan.output / f"temperature-{temperature:g}.json"
    report.unlink(missing_ok=True)
    log = report.with_suffix(".log")
    child = Child.start(command(plan, temperature, report.resolve()), log_path=log)
    try:
        status = child.wait()
    finally:
        child.stop()
    if not report.is_file():
        raise RobustnessError(
            f"the run at temperature {temperature:g} gave no report (exit status {status})",
            f"nothing can be compared. Its last words:\n{child.log_tail(LOG_LINES)}\n",
            f"Read {log}",
        )
    return read_report(report)
