"""`punie-train run`: train an adapter."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from punie_train.cli.console import answers, remarks, say_warning
from punie_train.cli.run_options import check_trackers, refuse_with_resume, run_fields
from punie_train.cli.run_summary import as_json, summary
from punie_train.cli.train_progress import TrainProgress
from punie_train.core.errors import ExitStatus
from punie_train.core.settings import Settings, find_settings

if TYPE_CHECKING:
    from punie_train.workflows.finish_run import TrainedAdapter
    from punie_train.workflows.plan_run import RunPlan

EXAMPLE = """
[bold]Examples[/bold]

[cyan]punie-train run data/v1 --output adapters/mine --iters 200 --batch-size 8
--learning-rate 1e-3 --mask-prompt[/cyan]

Again, with one thing changed:
[cyan]punie-train run --config adapters/mine/run.yaml --output adapters/other --lora-rank 16[/cyan]
"""
_BASICS, _LORA, _STEPS, _WATCH = "What and where", "Adapter", "Training", "Watching"
_MACHINES = "Machines"


def _option(*names: str, help: str, panel: str) -> Any:  # noqa: A002 - typer's word
    return typer.Option(*names, help=help, rich_help_panel=panel, show_default=False)


def run(
    data: Annotated[
        Path | None,
        typer.Argument(
            help="Directory with train.jsonl and valid.jsonl, or one .jsonl file; "
            "default: the settings' data.",
            show_default=False,
        ),
    ] = None,
    *,
    adapter_path: Annotated[
        str | None,
        _option("--output", "-o", help="Directory of the new adapter (required).", panel=_BASICS),
    ] = None,
    model: Annotated[
        str | None,
        _option(
            "--model",
            help="Directory or repository of the base model, or `starter`; default: the base of "
            "--adapter, then the settings' model, then the starter.",
            panel=_BASICS,
        ),
    ] = None,
    adapter: Annotated[
        Path | None,
        _option("--adapter", help="Train on top of this adapter.", panel=_BASICS),
    ] = None,
    config: Annotated[
        Path | None,
        _option(
            "--config",
            help="YAML with mlx-lm's keys, such as the run.yaml of an adapter; options win.",
            panel=_BASICS,
        ),
    ] = None,
    force: Annotated[
        bool, _option("--force", help="Replace the adapter that is there.", panel=_BASICS)
    ] = False,
    json_output: Annotated[
        bool, _option("--json", help="Print the result as JSON.", panel=_BASICS)
    ] = False,
    fine_tune_type: Annotated[
        str | None, _option("--fine-tune-type", help="lora (default), dora or full.", panel=_LORA)
    ] = None,
    lora_rank: Annotated[int | None, _option(help="Default 8.", panel=_LORA)] = None,
    lora_scale: Annotated[float | None, _option(help="Default 20.", panel=_LORA)] = None,
    lora_dropout: Annotated[float | None, _option(help="Default 0.", panel=_LORA)] = None,
    lora_keys: Annotated[
        list[str] | None,
        _option(
            "--lora-key",
            help="Adapt only these linear layers, such as self_attn.q_proj; repeatable.",
            panel=_LORA,
        ),
    ] = None,
    num_layers: Annotated[
        str | None,
        _option(
            help="Adapt the last N layers, -1 all, `first N` or `every other`; default 16, or all "
            "of a smaller model.",
            panel=_LORA,
        ),
    ] = None,
    iters: Annotated[int | None, _option(help="Iterations; default 100.", panel=_STEPS)] = None,
    batch_size: Annotated[
        int | None, _option(help="Rows per iteration; default 4.", panel=_STEPS)
    ] = None,
    learning_rate: Annotated[float | None, _option(help="Default 1e-5.", panel=_STEPS)] = None,
    schedule: Annotated[
        str | None,
        _option(
            help="Of the learning rate: constant (default), cosine or linear, both to 0.",
            panel=_STEPS,
        ),
    ] = None,
    warmup: Annotated[
        int | None, _option(help="Steps of warm-up; default 0.", panel=_STEPS)
    ] = None,
    optimizer: Annotated[
        str | None,
        _option(help="adam (default), adamw, muon, sgd or adafactor.", panel=_STEPS),
    ] = None,
    mask_prompt: Annotated[
        bool | None,
        _option(
            "--mask-prompt/--no-mask-prompt",
            help="Learn only what the assistant says, every turn of it; default no.",
            panel=_STEPS,
        ),
    ] = None,
    max_seq_length: Annotated[
        int | None, _option(help="Tokens of a row that are read; default 2048.", panel=_STEPS)
    ] = None,
    grad_checkpoint: Annotated[
        bool | None,
        _option(
            "--grad-checkpoint/--no-grad-checkpoint", help="Less memory, more time.", panel=_STEPS
        ),
    ] = None,
    float32: Annotated[
        bool | None,
        _option(
            "--float32/--no-float32",
            help="Compute in float32 whatever the base is kept in; on a CPU several times as fast "
            "where BLAS is fast (docs/training.md). Default no.",
            panel=_STEPS,
        ),
    ] = None,
    grad_accumulation_steps: Annotated[
        int | None,
        _option("--grad-accumulation", help="Iterations per step; default 1.", panel=_STEPS),
    ] = None,
    seed: Annotated[int | None, _option(help="Default 0.", panel=_STEPS)] = None,
    steps_per_eval: Annotated[
        int | None,
        _option("--valid-every", help="Validate every N iterations; default 25.", panel=_WATCH),
    ] = None,
    val_batches: Annotated[
        int | None,
        _option(
            "--valid-batches", help="Batches of a validation, -1 all; default 25.", panel=_WATCH
        ),
    ] = None,
    patience: Annotated[
        int | None,
        _option(
            help="Stop after N validations without improvement; default 0, never.", panel=_WATCH
        ),
    ] = None,
    steps_per_report: Annotated[
        int | None,
        _option("--report-every", help="Report every N iterations; default 1.", panel=_WATCH),
    ] = None,
    save_every: Annotated[
        int | None, _option(help="Checkpoint every N iterations; default 100.", panel=_WATCH)
    ] = None,
    curriculum: Annotated[
        str | None,
        _option(
            help="From easy to hard, by tokens, turns or calls of a row; default none.",
            panel=_STEPS,
        ),
    ] = None,
    category: Annotated[
        list[str] | None,
        _option(
            help="Train on rows of this category only; repeatable. A row says it as `category`, or "
            "its calls do: tool_calling, code_mode, multi_step, direct.",
            panel=_STEPS,
        ),
    ] = None,
    report_to: Annotated[
        str | None,
        _option(help="Also to wandb or swanlab, or both with a comma.", panel=_WATCH),
    ] = None,
    nproc: Annotated[
        int | None,
        _option(help="Processes that share every batch (mlx.launch); default 1.", panel=_MACHINES),
    ] = None,
    hosts: Annotated[
        str | None,
        _option(
            help="Addresses of machines that share every batch, with commas; --output, model and "
            "Python have the same paths on all.",
            panel=_MACHINES,
        ),
    ] = None,
    resume: Annotated[
        bool,
        _option(
            "--resume",
            help="Go on with the unfinished run at --output, with its own parameters.",
            panel=_BASICS,
        ),
    ] = False,
    skip_checks: Annotated[
        bool, _option("--skip-checks", help="Start without the checks of the data.", panel=_BASICS)
    ] = False,
    evaluate_after: Annotated[
        list[str] | None,
        _option(
            "--evaluate-after",
            help="Evaluate these suites after the run, against the best adapter so far; "
            "repeatable. Exit status 1 when a gate fails.",
            panel=_WATCH,
        ),
    ] = None,
) -> None:
    """Train an adapter on chat data: LoRA, DoRA or full fine-tuning with mlx-lm.

    The output directory appears when the run is complete: the weights with the lowest validation
    loss, metrics, the loss curve and a manifest.
    """
    given = dict(locals())
    settings = find_settings(Path.cwd())
    options = run_fields(given, settings)
    from punie_train.workflows.evaluate_after import check_suites
    from punie_train.workflows.plan_run import plan_run
    from punie_train.workflows.resume_run import plan_resume
    from punie_train.workflows.train import train

    check_suites(evaluate_after or (), settings)
    if resume:
        refuse_with_resume(given)
        plan = plan_resume(options, settings=settings)
    else:
        plan = plan_run(options, settings=settings, run_file=config, adapter=adapter)
    check_trackers(plan.config.trackers)
    if not (resume or skip_checks):
        _check(plan, settings)
    with TrainProgress(remarks(), iterations=plan.config.iters) as progress:
        trained = train(plan, force=force, resume=resume, on_event=progress)
    if settings.active:
        _note(trained, plan, progress.seconds, settings)
    if json_output:
        answers().print(as_json(trained), markup=False)
    else:
        for line in summary(trained, iterations=plan.config.iters, seconds=progress.seconds):
            answers().print(line, markup=False)
    if not trained.complete:
        say_warning(
            f"interrupted: {trained.path} holds the weights of iteration "
            f"{trained.kept_iteration} and is marked as not complete."
        )
        raise typer.Exit(ExitStatus.COULD_NOT)
    if evaluate_after:
        _evaluate(evaluate_after, trained, plan, settings)


def _check(plan: "RunPlan", settings: Settings) -> None:
    from punie_train.workflows.check_run_data import check_run_data

    with remarks().status("checking the data"):
        warnings = check_run_data(plan, settings)
    for warning in warnings:
        if not warning.startswith(" "):
            say_warning(warning)


def _evaluate(
    suites: list[str], trained: "TrainedAdapter", plan: "RunPlan", settings: Settings
) -> None:
    from punie_train.workflows.evaluate_after import evaluate_after

    console = remarks()
    console.print(f"Evaluating {trained.path} on {', '.join(suites)} ...", markup=False)
    evaluation = evaluate_after(suites, trained.path, plan.config.model, settings)
    console.print(f"\nEvaluated {trained.path} against {evaluation.baseline}:", markup=False)
    console.print(evaluation.output, markup=False)
    if not evaluation.passed:
        raise typer.Exit(ExitStatus.ANSWER_IS_NO)


def _note(trained: "TrainedAdapter", plan: "RunPlan", seconds: float, settings: Settings) -> None:
    from punie_train.workflows.keep_journal import journal_path, note_training

    try:
        note_training(trained, plan.config, seconds, settings.root)
    except OSError as error:
        path = journal_path(settings.root)
        say_warning(f"the run could not be noted in {path} ({error}): the adapter is not affected.")
