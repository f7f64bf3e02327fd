"""`punie-train robustness`: does a score hold over temperatures and seeds?"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from punie_train.cli.console import answers, remarks
from punie_train.core.errors import ExitStatus, UsageError
from punie_train.core.whole_files import write_text
from punie_train.evals.robustness import (
    MAX_DROP,
    Robustness,
    RobustnessResult,
    Setting,
    judge_robustness,
)
from punie_train.evals.statistics.verdict import Verdict
from punie_train.reporting import numbers
from punie_train.reporting.comparison_views import DIFFERENCE_HEAD, difference_cells
from punie_train.reporting.text_table import aligned
from punie_train.workflows.robustness import RobustnessPlan, run_temperatures

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train robustness --adapter adapters/v3 --output reports/robustness[/cyan]

Adapters that differ in their seed only:
[cyan]punie-train robustness --adapter adapters/s1 --adapter adapters/s2[/cyan]
"""


def robustness(
    suite: Annotated[
        Path, typer.Argument(help="Cases to run, as for pytest.", show_default="evals")
    ] = Path("evals"),
    *,
    adapter: Annotated[
        list[str] | None,
        typer.Option(
            help="Adapter; repeatable for adapters of several seeds. Default: the bare model.",
            show_default=False,
        ),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Base model.", show_default=False)] = None,
    temperatures: Annotated[
        str, typer.Option(help="Temperatures, the first is what the others are compared with.")
    ] = "0,0.3,0.7",
    repeats: Annotated[
        int, typer.Option(help="Replies to each case at a temperature above 0.", min=1)
    ] = 3,
    max_drop: Annotated[
        float, typer.Option(help="How much a setting may lose, 0.0 to 1.0.", min=0, max=0.99)
    ] = MAX_DROP,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Directory for the reports and the result.")
    ] = Path("reports/robustness"),
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run a suite over temperatures and seeds: robust, fragile, or not known.

    Fragile means that a setting loses more than --max-drop against the first one, beyond chance.
    The exit status is then 1.
    """
    plan = RobustnessPlan(
        suite=suite,
        adapters=tuple(adapter or ("base",)),
        model=model,
        temperatures=_temperatures(temperatures),
        repeats=repeats,
        output=output,
    )
    if len(plan.temperatures) * len(plan.adapters) < 2:
        raise UsageError(
            "one temperature and one adapter",
            "there is nothing to compare",
            "Give several --temperatures or several --adapter.",
        )
    console = remarks()
    with Progress(
        TextColumn("temperatures"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("runs", total=len(plan.temperatures))
        runs = run_temperatures(plan, on_report=lambda *_: bar.advance(task))
    result = judge_robustness(runs, max_drop=max_drop)
    write_text(output / "robustness.json", json.dumps(_as_json(result), indent=1) + "\n")
    if json_output:
        answers().print(json.dumps(_as_json(result)), markup=False)
    else:
        for line in _as_words(result):
            answers().print(line, markup=False, emoji=False)
    if result.verdict is Robustness.FRAGILE:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _temperatures(text: str) -> tuple[float, ...]:
    try:
        found = tuple(dict.fromkeys(float(part) for part in text.split(",")))
    except ValueError:
        found = ()
    if not found or not all(0 <= value < 10 for value in found):
        raise UsageError(
            f"--temperatures {text}",
            "it is no list of temperatures",
            "Write for example 0,0.3,0.7.",
        )
    return found


def _as_words(result: RobustnessResult) -> list[str]:
    rows = [
        ("adapter", "temperature", "score", *DIFFERENCE_HEAD),
        *map(_row, result.settings),
    ]
    allowed = numbers.percent(result.max_drop)
    said = {
        Robustness.ROBUST: f"no setting loses more than {allowed}",
        Robustness.FRAGILE: f"a setting loses more than {allowed}, beyond chance",
        Robustness.INCONCLUSIVE: f"too few cases to say whether one loses more than {allowed}",
    }
    lines = [*aligned(rows, width=140), "", f"{result.verdict}: {said[result.verdict]}"]
    return lines + _remedies(result)


def _remedies(result: RobustnessResult) -> list[str]:
    """Return what to do about a fragile result, by what the lossy settings differ in."""
    if result.verdict is not Robustness.FRAGILE:
        return []
    first, *others = result.settings
    lost = [one for one in others if one.difference and one.difference.verdict is Verdict.REGRESSED]
    told = []
    if any(one.temperature != first.temperature and one.adapter == first.adapter for one in lost):
        told.append(
            "the format holds at one temperature only: train on more phrasings and longer, or say "
            "with the score at which temperature it holds [F21]"
        )
    if any(one.adapter != first.adapter and one.temperature == first.temperature for one in lost):
        told.append(
            "the same recipe gives another result with another seed: report the spread over "
            "seeds, not the best of them, and train on more data [F22]"
        )
    return told


def _row(one: Setting) -> tuple[str, ...]:
    score = numbers.percent(one.tally.score)
    return (one.adapter, f"{one.temperature:g}", score, *difference_cells(one.difference))


def _as_json(result: RobustnessResult) -> dict[str, object]:
    return {
        "verdict": result.verdict,
        "max_drop": result.max_drop,
        "settings": [_setting(one) for one in result.settings],
    }


def _setting(one: Setting) -> dict[str, object]:
    found = one.difference
    return {
        "adapter": one.adapter,
        "temperature": one.temperature,
        "score": one.tally.score,
        "difference": None if found is None else found.difference,
        "low": None if found is None else found.interval.low,
        "high": None if found is None else found.interval.high,
        "verdict": None if found is None else found.verdict,
    }
