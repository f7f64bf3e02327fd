"""Train an adapter: check the data, run the trainer, prove what it wrote, put it in place."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.json_files import write_json
from punie_train.mlx.fingerprints import fingerprint
from punie_train.mlx.metrics import Metric
from punie_train.mlx.resume_state import read_state
from punie_train.mlx.train_callback import METRICS_NAME
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.train_data import TrainData, read_train_data, write_train_data
from punie_train.mlx.train_outcome import OUTCOME_NAME, is_disk_failure
from punie_train.mlx.trained_adapter import BEST_NAME, WEIGHTS_NAME
from punie_train.workflows.finish_run import TrainedAdapter, finish_run
from punie_train.workflows.output_directory import OutputDirectory, unfinished_run
from punie_train.workflows.plan_run import RunPlan
from punie_train.workflows.resume_run import check_same_origin
from punie_train.workflows.trainer_process import (
    ASKED_NAME,
    RUN_NAME,
    LostTrainerError,
    disk_full,
    run_trainer,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The data was read and the trainer is about to start; `notes` are warnings in words.

    `resumed_from` is the iteration that an earlier part of the run has come to.
    """

    config: RunConfig
    train_rows: int
    valid_rows: int
    notes: tuple[str, ...]
    resumed_from: int = 0


TrainEvent = RunStarted | Metric


def train(
    plan: RunPlan,
    *,
    force: bool = False,
    resume: bool = False,
    on_event: Callable[[TrainEvent], None] = lambda _: None,
) -> TrainedAdapter:
    """Run a plan to its end and return the adapter; nothing appears at its path before that.

    On KeyboardInterrupt the trainer is stopped, and what it has so far is returned, marked as not
    complete; on a second one only what the run can be resumed from is left. With `resume` the
    unfinished run at the output is gone on with. Raises PunieTrainError for everything else that
    ends the run; after a full disk or a killed trainer the run can be resumed.
    """
    data = read_train_data(plan.config)
    origin = {"data": data.sha256, "base": fingerprint(plan.model_dir)}
    path = Path(plan.config.adapter_path)
    if resume and (found := unfinished_run(path)):
        check_same_origin(found, origin)
    output = OutputDirectory(path, force=force, resume=resume)
    try:
        done = _go_back(output.work) if resume else 0
        write_train_data(data, output.work / "data")
        (output.work / RUN_NAME).write_text(plan.config.to_yaml(), encoding="utf-8")
        write_json(output.work / ASKED_NAME, origin)
        on_event(_started(plan.config, data, done))
        outcome = run_trainer(plan.config, plan.model_dir, output.work, on_event)
        return finish_run(plan, data, output, outcome)
    except LostTrainerError:
        _keep_what_can_be_resumed(output)
        raise
    except OSError as error:
        if not is_disk_failure(error):
            raise
        full = disk_full(output.work)
        _keep_what_can_be_resumed(output)
        raise full from error
    except KeyboardInterrupt:
        state = read_state(output.work)
        _keep_what_can_be_resumed(output)
        if state is None:
            raise
        raise LostTrainerError(
            "the run was interrupted once more while it ended",
            "there is no adapter yet",
            f"Give --resume to go on from iteration {state.iteration}.",
        ) from None
    except BaseException:
        output.discard()
        raise


def _keep_what_can_be_resumed(output: OutputDirectory) -> None:
    if read_state(output.work):
        output.leave()
    else:
        output.discard()


def _go_back(work: Path) -> int:
    """Bring a run's directory to its last state and return the iteration of that."""
    (work / OUTCOME_NAME).unlink(missing_ok=True)
    state = read_state(work)
    kept, best = work / WEIGHTS_NAME, work / BEST_NAME
    if state is None:
        for name in (METRICS_NAME, BEST_NAME):
            (work / name).unlink(missing_ok=True)
        return 0
    if state.best_iteration is not None and kept.is_file() and not best.is_file():
        shutil.copyfile(kept, best)
    os.truncate(work / METRICS_NAME, state.metrics_bytes)
    return state.iteration


def _started(config: RunConfig, data: TrainData, done: int) -> RunStarted:
    return RunStarted(
        config=config,
        train_rows=len(data.train),
        valid_rows=len(data.valid),
        notes=data.notes,
        resumed_from=done,
    )
