"""Prove what a trainer left, describe it, and put it in place."""

import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from punie_train.core.loss_curve import LossCurve
from punie_train.mlx.adapter_manifest import MANIFEST_NAME, AdapterManifest, write_manifest
from punie_train.mlx.artifacts import check_adapter
from punie_train.mlx.fingerprints import fingerprint, template_hash
from punie_train.mlx.metrics import MetricsTail, loss_curve
from punie_train.mlx.resume_state import RESUME_NAME, read_state
from punie_train.mlx.train_callback import METRICS_NAME
from punie_train.mlx.train_data import TrainData
from punie_train.mlx.train_outcome import TRACKER_NAME, TrainOutcome
from punie_train.mlx.trained_adapter import (
    ADAPTER_CONFIG_NAME,
    WEIGHTS_NAME,
    check_trained,
    write_adapter_config,
)
from punie_train.mlx.training_errors import RunInterruptedError, TrainingError
from punie_train.reporting.loss_plot import loss_svg
from punie_train.workflows.output_directory import LOCK_NAME, OutputDirectory
from punie_train.workflows.plan_run import RunPlan
from punie_train.workflows.trainer_process import (
    ASKED_NAME,
    LOG_NAME,
    RUN_NAME,
    KilledTrainerError,
)

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
PLOT_NAME = "loss.svg"
WRITTEN = (
    WEIGHTS_NAME,
    ADAPTER_CONFIG_NAME,
    MANIFEST_NAME,
    METRICS_NAME,
    LOG_NAME,
    PLOT_NAME,
    RUN_NAME,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedAdapter:
    """What a run left behind; `complete` is False after an interruption."""

    path: Path
    curve: LossCurve
    kept_iteration: int
    stopped_early: bool
    complete: bool
    bytes: int


def finish_run(
    plan: RunPlan, data: TrainData, output: OutputDirectory, outcome: TrainOutcome | None
) -> TrainedAdapter:
    """Publish the adapter; weights of an interrupted run are kept and marked as not complete.

    Raises TrainingError when the run failed, was interrupted before it had weights, or made
    another adapter than was asked for, and ArtifactError for an adapter that changes nothing.
    """
    if outcome is None or not outcome.kept_iteration:
        if outcome and outcome.end == "failed":
            raise _failure(outcome)
        if outcome is None and (state := read_state(output.work)):
            raise KilledTrainerError(
                "the run was interrupted and had to be killed",
                "no weights were validated yet, and there is no adapter",
                f"Give --resume to go on from iteration {state.iteration}.",
            )
        raise RunInterruptedError(
            "the run was interrupted",
            "there were no trained weights yet, and nothing was written",
            "Run the same command again.",
        )
    work, complete = output.work, outcome.end in ("finished", "patience")
    curve = loss_curve(MetricsTail(work / METRICS_NAME).read_new())
    check_trained(work, plan.config, model_layers=plan.model_layers)
    write_adapter_config(work, plan.config)
    title = f"Loss of {Path(plan.config.adapter_path).name}"
    (work / PLOT_NAME).write_text(loss_svg(curve, title=title), encoding="utf-8")
    _remove_working_files(work, complete=complete)
    _remove_escapes(work / LOG_NAME)
    write_manifest(work, _manifest(plan, data, outcome, complete=complete))
    if complete:
        check_adapter(work, plan.model_dir)
    size = (work / WEIGHTS_NAME).stat().st_size
    path = output.publish() if complete else output.publish_partial()
    if outcome.end == "failed":
        raise _failure(outcome, kept=path)
    return TrainedAdapter(
        path=path,
        curve=curve,
        kept_iteration=outcome.kept_iteration,
        stopped_early=outcome.end == "patience",
        complete=complete,
        bytes=size,
    )


def _manifest(
    plan: RunPlan, data: TrainData, outcome: TrainOutcome, *, complete: bool
) -> AdapterManifest:
    config = plan.config
    return AdapterManifest(
        base_model=config.model,
        base_fingerprint=fingerprint(plan.model_dir),
        template_hash=template_hash(plan.model_dir),
        data=config.data,
        data_hash=data.sha256,
        parameters=json.loads(json.dumps(asdict(config))),
        seed=config.seed,
        versions=outcome.versions,
        best_iteration=outcome.kept_iteration,
        complete=complete,
    )


def _failure(outcome: TrainOutcome, *, kept: Path | None = None) -> TrainingError:
    weights = f"; the weights of iteration {outcome.kept_iteration} are in {kept}" if kept else ""
    return TrainingError(
        outcome.fact, outcome.consequence + weights, outcome.remedy, failure=outcome.failure
    )


def _remove_working_files(work: Path, *, complete: bool) -> None:
    """Remove the trainer's checkpoints and its copy of the data; keep what a run resumes from."""
    needed = {*WRITTEN, LOCK_NAME, TRACKER_NAME}
    if not complete:
        needed |= {RESUME_NAME, ASKED_NAME}
    for path in work.iterdir():
        if path.name not in needed:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _remove_escapes(log: Path) -> None:
    """Take the terminal's escape sequences out of the trainer's log."""
    text = log.read_text(encoding="utf-8", errors="replace")
    log.write_text(_ESCAPE.sub("", text), encoding="utf-8")
