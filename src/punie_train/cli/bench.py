"""`punie-train bench`: how fast does this machine train?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from punie_train.cli.console import answers, remarks, say_data
from punie_train.core.errors import ExitStatus
from punie_train.core.settings import find_settings

EXAMPLE = """
[bold]Examples[/bold]

The starter model, ten measured iterations:
[cyan]punie-train bench[/cyan]

Another model, with an estimate of the run that is planned:
[cyan]punie-train bench --model mlx-community/Qwen2.5-Coder-1.5B-Instruct-4bit --iters 5
--batch-size 2 --tokens 1000 --planned-iters 500[/cyan]
"""


def bench(
    *,
    model: Annotated[
        str | None,
        typer.Option(
            help="Directory or repository of a model, or `starter`; default: the settings' model, "
            "then the starter.",
            show_default=False,
        ),
    ] = None,
    iters: Annotated[
        int, typer.Option(help="Measured iterations; one more comes first and is left out.", min=1)
    ] = 10,
    batch_size: Annotated[int, typer.Option(help="Rows per iteration.", min=1)] = 4,
    tokens: Annotated[int, typer.Option(help="Tokens of a row, about.", min=2, max=131_072)] = 256,
    num_layers: Annotated[
        int | None,
        typer.Option(
            help="Adapt the last N layers, -1 all; default as in `run`.", show_default=False
        ),
    ] = None,
    planned_iters: Annotated[
        int, typer.Option(help="Iterations of the run to estimate.", min=1)
    ] = 100,
    json_output: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the training speed of this machine: real LoRA iterations on made rows.

    The verdict: up to 5 s an iteration excellent, up to 30 s usable, up to 60 s slow; above that
    take a smaller model, and the exit status is 1. What is trained is thrown away.
    """
    from punie_train.cli.train_progress import TrainProgress
    from punie_train.mlx.training_speed import Verdict
    from punie_train.workflows.bench import WARM_UP
    from punie_train.workflows.bench import bench as measure

    settings = find_settings(Path.cwd())
    with TrainProgress(remarks(), iterations=iters + WARM_UP) as progress:
        result = measure(
            model=model,
            iters=iters,
            batch_size=batch_size,
            tokens=tokens,
            num_layers=num_layers,
            settings=settings,
            on_event=progress,
        )
    if json_output:
        say_data(_as_json(result, planned_iters))
    else:
        for line in _as_words(result, planned_iters):
            answers().print(line, markup=False, emoji=False)
    if result.speed.verdict is Verdict.PIVOT:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _as_json(result: Any, planned: int) -> dict[str, Any]:
    speed, config = result.speed, result.config
    return {
        "model": config.model,
        "batch_size": config.batch_size,
        "num_layers": config.num_layers,
        "rank": config.lora_rank,
        "iterations": speed.iterations,
        "seconds_per_iteration": speed.per_iteration,
        "slowest_iteration_seconds": speed.slowest,
        "first_iteration_seconds": speed.first,
        "seconds_per_validation_batch": speed.per_validation_batch,
        "tokens_per_iteration": speed.tokens_per_iteration,
        "tokens_per_second": speed.tokens_per_second,
        "peak_memory_gb": speed.peak_memory,
        "total_seconds": result.seconds,
        "verdict": speed.verdict.name.lower(),
        "planned_iterations": planned,
        "planned_seconds": result.estimate(planned),
    }


def _as_words(result: Any, planned: int) -> list[str]:
    from punie_train.reporting.numbers import count, plural, seconds, tokens_per_second

    speed, config = result.speed, result.config
    per_row = round(speed.tokens_per_iteration / config.batch_size)
    layers = "all" if config.num_layers == -1 else count(config.num_layers)
    what = (
        f"{config.model}: LoRA of rank {config.lora_rank}, layers: {layers}, "
        f"batches of {config.batch_size} rows of {count(per_row)} tokens"
    )
    others = (
        f"median of {speed.iterations}; slowest {seconds(speed.slowest)}; "
        f"the first, left out, {seconds(speed.first)}"
    )
    estimate = (
        f"{plural(planned, 'iteration')} on rows like these would take "
        f"{seconds(result.estimate(planned))}, with validations as `run` makes them by default."
    )
    return [
        what,
        f"  iteration    {seconds(speed.per_iteration)} ({others})",
        f"  speed        {tokens_per_second(speed.tokens_per_second)}",
        f"  peak memory  {speed.peak_memory:.2f} GB",
        f"  this run     {seconds(result.seconds)} with loading",
        "",
        f"Verdict: {speed.verdict}.",
        estimate,
    ]
