"""Train an adapter: check the data, run the trainer, prove what it wrote, put it in place."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punie_train.mlx.metrics import Metric
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.train_data import TrainData, read_train_data, write_train_data
from punie_train.workflows.finish_run import TrainedAdapter, finish_run
from punie_train.workflows.output_directory import OutputDirectory
from punie_train.workflows.plan_run import RunPlan
from punie_train.workflows.trainer_process import RUN_NAME, run_trainer


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The data was read and the trainer is about to start; `notes` are warnings in words."""

    config: RunConfig
    train_rows: int
    valid_rows: int
    notes: tuple[str, ...]


TrainEvent = RunStarted | Metric


def train(
    plan: RunPlan, *, force: bool = False, on_event: Callable[[TrainEvent], None] = lambda _: None
) -> TrainedAdapter:
    """Run a plan to its end and return the adapter; nothing appears at its path before that.

    On KeyboardInterrupt the trainer is stopped, and what it has so far is returned, marked as not
    complete. Raises PunieTrainError for everything else that ends the run.
    """
    data = read_train_data(plan.config)
    output = OutputDirectory(Path(plan.config.adapter_path), force=force)
    try:
        write_train_data(data, output.work / "data")
        (output.work / RUN_NAME).write_text(plan.config.to_yaml(), encoding="utf-8")
        on_event(_started(plan.config, data))
        outcome = run_trainer(plan.model_dir, output.work, on_event)
        return finish_run(plan, data, output, outcome)
    except BaseException:
        output.discard()
        raise


def _started(config: RunConfig, data: TrainData) -> RunStarted:
    return RunStarted(
        config=config,
        train_rows=len(data.train),
        valid_rows=len(data.valid),
        notes=data.notes,
    )
