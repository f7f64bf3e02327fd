"""`punie-train starter`: make the starter model, its adapters and their data."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from punie_train.cli.console import answers, remarks
from punie_train.core.errors import UsageError

app = typer.Typer(
    name="starter",
    help="The small model that ships with the package.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

EXAMPLE = """
[bold]Examples[/bold]

Base model and adapters, from the data and cases of this checkout:
[cyan]punie-train starter build --output build/starter[/cyan]

The base model only, with another seed:
[cyan]punie-train starter build --output build/other --stage base --seed 11[/cyan]
"""


class Stage(StrEnum):
    """What is built; `all` is the base model and its adapters."""

    DATA = "data"
    BASE = "base"
    ADAPTERS = "adapters"
    ALL = "all"


@app.callback()
def starter() -> None:
    """The small model that ships with the package."""


@app.command("build", epilog=EXAMPLE)
def build(
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Directory for model/ and adapters/.")
    ] = Path("build/starter"),
    stage: Annotated[
        Stage,
        typer.Option(
            help="base, adapters (of the base in --output, else of the shipped one), all, or data: "
            "write the adapters' data and the known-phrasing cases anew."
        ),
    ] = Stage.ALL,
    seed: Annotated[int | None, typer.Option(help="Seed of corpus and weights.")] = None,
    rows: Annotated[int | None, typer.Option(help="Rows of the base corpus.")] = None,
    project: Annotated[
        Path, typer.Option(help="Checkout with data/ and evals/.", show_default="here")
    ] = Path(),
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Replace the shipped model and adapters/.")
    ] = False,
) -> None:
    """Build the starter model from nothing, and its adapters from the committed data.

    The base model needs PyTorch (the extra `starter`), 8 GB of memory and about an hour on
    four cores.
    """
    from punie_train.starter import model_path

    model = model_path() if in_place else output / "model"
    adapters = project / "adapters" if in_place else output / "adapters"
    if not (project / "evals").is_dir():
        raise UsageError(
            f"{project.resolve()} has no evals directory",
            "rows that overlap evaluation cases could not be left out",
            "Run this in a checkout of the project, or name it with --project",
        )
    match stage:
        case Stage.DATA:
            _data(project)
        case Stage.BASE:
            _base(model, project, seed, rows)
        case Stage.ADAPTERS:
            _adapters(model, adapters, project, shipped=in_place or not model.is_dir())
        case Stage.ALL:
            _base(model, project, seed, rows)
            _adapters(model, adapters, project, shipped=in_place)


def _data(project: Path) -> None:
    from punie_train.starter.adapter_data import ADAPTER_DATA, write_adapter_data
    from punie_train.starter.cases import SEED, prompts_of, write_known_cases

    for path in write_known_cases(project / "evals", SEED):
        answers().print(str(path), markup=False)
    prompts = prompts_of(project / "evals")
    for data in ADAPTER_DATA:
        path = write_adapter_data(project / "data", data, SEED, prompts)
        answers().print(str(path), markup=False)


def _base(model: Path, project: Path, seed: int | None, rows: int | None) -> None:
    from dataclasses import replace

    from punie_train.starter.build import build_base, check_ready
    from punie_train.starter.cases import prompts_of
    from punie_train.starter.network import Recipe

    check_ready()
    recipe = Recipe()
    recipe = replace(recipe, seed=recipe.seed if seed is None else seed, rows=rows or recipe.rows)
    console = remarks()
    console.print(f"Making a corpus of {recipe.rows} rows.")
    with Progress(
        TextColumn("base model"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(compact=True),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task("base", total=None, loss="making the corpus")

        def show(step: int, steps: int, loss: float) -> None:
            bar.update(task, completed=step, total=steps, loss=f"loss {loss:.3f}")
            if not console.is_terminal and step % max(1, steps // 20) == 0:
                console.print(f"step {step} of {steps}, loss {loss:.3f}")

        loss = build_base(model, recipe, prompts_of(project / "evals"), show)
    answers().print(f"{model}: final loss {loss:.3f}", markup=False)


def _adapters(model: Path, adapters: Path, project: Path, *, shipped: bool) -> None:
    from punie_train.cli.train_progress import TrainProgress
    from punie_train.core.settings import Settings
    from punie_train.starter.adapter_data import ADAPTER_DATA
    from punie_train.workflows.plan_run import plan_run
    from punie_train.workflows.train import train

    for data in ADAPTER_DATA:
        name = "starter" if shipped else str(model)
        options = data.run_options(project / "data", adapters, name)
        plan = plan_run(options, settings=Settings(root=project))
        with TrainProgress(remarks(), iterations=plan.config.iters) as progress:
            trained = train(plan, force=True, on_event=progress)
        answers().print(f"{trained.path}: trained on {options['data']}", markup=False)
        if not trained.complete:
            raise typer.Exit(3)
