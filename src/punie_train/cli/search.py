"""`punie-train search`: train and evaluate over a space of hyperparameters."""

from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from punie_train.cli.console import answers, say_warning
from punie_train.cli.steps_bar import StepsBar
from punie_train.core.errors import ExitStatus, UsageError
from punie_train.core.settings import Settings, find_settings

INTERRUPTED = 130
"""What a shell calls a command that Ctrl-C ended."""

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train search data/v3 --output runs/search --trials 12 --suite evals[/cyan]

A space of your own, with the parameters that all trials share in a run file:
[cyan]punie-train search data/v3 -o runs/search --space space.yaml --config run.yaml
--sampler tpe --trials 20[/cyan]

Where space.yaml has the run's parameters, as lists or ranges:
[cyan]lora_rank: [4, 8, 16][/cyan]
[cyan]learning_rate: {low: 1e-5, high: 1e-3, log: true}[/cyan]

Further workers, on this machine or another, run the same command with the same --storage.
"""


def search(
    data: Annotated[Path, typer.Argument(help="Dataset directory, as for `run`.")],
    *,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Directory of the trials, search.html, search.json and study.db."
        ),
    ],
    space: Annotated[
        Path | None,
        typer.Option(
            help="YAML file of parameters; default: learning rates, ranks, iterations, layers.",
            show_default=False,
        ),
    ] = None,
    sampler: Annotated[
        str, typer.Option(help="grid (every combination), tpe (learns from trials) or random.")
    ] = "grid",
    trials: Annotated[
        int, typer.Option(help="Trials in all, of every worker; a grid ends by itself.", min=1)
    ] = 36,
    storage: Annotated[
        str | None,
        typer.Option(
            help="URL of a database that workers share, such as sqlite:///study.db or "
            "postgresql://...; default: study.db in the output directory.",
            show_default=False,
        ),
    ] = None,
    suite: Annotated[Path, typer.Option(help="Cases that score a trial.")] = Path("evals"),
    model: Annotated[str | None, typer.Option(help="Base model.", show_default=False)] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Run file with what all trials share.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the sampler.", min=0)] = 0,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Train and evaluate each trial of a search space; the table has the best score first.

    Trials that are worse than most at the same iteration are given up by their validation loss.
    The same command goes on with a search that was stopped; a trial whose worker is gone is begun
    again. The exit status is 1 when no trial gave a score.
    """
    from punie_train.search.study import Sampler
    from punie_train.workflows.search import PAGE_NAME
    from punie_train.workflows.search import search as run_search

    if sampler not in get_args(Sampler):
        raise UsageError(
            f"--sampler {sampler}",
            "there is no such sampler",
            f"Use {', '.join(get_args(Sampler))}.",
        )
    settings = find_settings(Path.cwd())
    options: dict[str, Any] = {"data": str(data)} | ({"model": model} if model else {})
    plan = _plan(options, settings, space=space, config=config, sampler=sampler, trials=trials,
                 suite=suite, output=output, storage=storage, seed=seed)  # fmt: skip
    try:
        with _Progress("trials", plan.wanted) as bar:
            result = run_search(plan, settings, on_change=bar.change, on_event=bar.event)
    except KeyboardInterrupt:
        say_warning(f"stopped. The same command goes on; so far: {plan.output / PAGE_NAME}")
        raise typer.Exit(INTERRUPTED) from None
    _say(plan, result, as_json=json_output)
    if all(trial.score is None for trial in result.trials):
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _plan(options: dict[str, Any], settings: Settings, **given: Any) -> Any:
    from punie_train.mlx.run_config_file import FIELDS
    from punie_train.search.space import default_space, read_space
    from punie_train.workflows.plan_run import plan_run
    from punie_train.workflows.search import SearchPlan

    config, space = given.pop("config"), given.pop("space")
    first = {**options, "adapter_path": str(given["output"] / "trial-000")}
    layers = plan_run(first, settings=settings, run_file=config).model_layers
    found = read_space(space, sorted(set(FIELDS) - _PLACES)) if space else default_space(layers)
    return SearchPlan(options=options, run_file=config, space=found, **given)


def _say(plan: Any, result: Any, *, as_json: bool) -> None:
    from punie_train.reporting.search_views import (
        failures,
        overlapping_note,
        search_json,
        search_rows,
    )
    from punie_train.reporting.text_table import aligned
    from punie_train.workflows.search import PAGE_NAME

    if as_json:
        answers().print(search_json(result.trials, result.importances), end="", markup=False)
        return
    for line in aligned(search_rows(result.trials), width=200):
        answers().print(line, markup=False, emoji=False)
    for number, reason in failures(result.trials).items():
        answers().print(f"trial {number:03d} failed: {reason}", markup=False, emoji=False)
    if note := overlapping_note(result.trials):
        answers().print(f"\n{note}", markup=False)
    answers().print(f"\nplots: {plan.output / PAGE_NAME}", markup=False)


_PLACES = {"model", "data", "adapter_path", "resume_adapter_file", "lora_keys"}


class _Progress(StepsBar):
    """Trials that are done, and how far the one is that runs."""

    def change(self, result: Any) -> None:
        """Count the trials that ended."""
        ended = ("complete", "pruned", "failed")
        self.show(done=sum(str(trial.state) in ended for trial in result.trials))

    def event(self, number: int, event: Any) -> None:
        """Show how far the running trial is."""
        if (iteration := getattr(event, "iteration", None)) is not None:
            self.show(now=f"trial {number:03d}: iteration {iteration}")
