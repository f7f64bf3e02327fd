"""The trainer process: the one place that imports mlx-lm.

Started as `python -m punie_train.mlx.trainer_child RUN.yaml MODEL_DIR WORK_DIR`. The rows are in
WORK_DIR/data; weights, adapter_config.json, metrics.jsonl and outcome.json go to WORK_DIR.
SIGTERM stops it after the iteration in progress, with the weights so far.
"""

import importlib.metadata
import platform
import signal
import sys
import types
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import mlx.core as mx
import numpy as np
import yaml
from mlx.utils import tree_flatten
from mlx_lm.lora import CONFIG_DEFAULTS, train_model
from mlx_lm.tuner.callbacks import TrainingCallback
from mlx_lm.tuner.datasets import load_dataset
from mlx_lm.utils import load

from punie_train.core.errors import PunieTrainError
from punie_train.mlx.train_callback import METRICS_NAME, StopTraining, TrainCallback
from punie_train.mlx.train_data import LINES_SUFFIX
from punie_train.mlx.train_outcome import End, TrainOutcome, write_outcome
from punie_train.mlx.trained_adapter import BEST_NAME, WEIGHTS_NAME
from punie_train.mlx.trained_rows import TrainedRows


def main(arguments: Sequence[str]) -> int:
    """Train as the configuration says; returns the exit status."""
    config, model_dir, work = (Path(argument) for argument in arguments)
    try:
        outcome = train(yaml.safe_load(config.read_text(encoding="utf-8")), model_dir, work)
    except PunieTrainError as error:
        outcome = failed(error)
    write_outcome(work, outcome)
    return int(outcome.end == "failed")


def train(parameters: dict[str, Any], model_dir: Path, work: Path) -> TrainOutcome:
    """Do what `mlx_lm lora` does, with a callback of ours, and keep the best weights.

    Raises PunieTrainError for unusable rows before the first iteration.
    """
    args = types.SimpleNamespace(**{**CONFIG_DEFAULTS, **parameters})
    np.random.seed(args.seed)
    model, tokenizer = load(str(model_dir))[:2]
    rows = _datasets(args, tokenizer, work / "data")
    callback = TrainCallback(
        work / METRICS_NAME,
        work / BEST_NAME,
        save=lambda path: _save(model, path),
        patience=args.patience,
    )
    signal.signal(signal.SIGTERM, lambda *_: setattr(callback, "stop_requested", True))
    args.adapter_path = str(work)
    end: End = "finished"
    try:
        train_model(args, model, *rows, cast(TrainingCallback, callback))
    except StopTraining:
        end = "stopped" if callback.stop_requested else "patience"
        _save(model, work / WEIGHTS_NAME)
    except PunieTrainError as error:
        if callback.best_iteration is None:
            raise
        return _kept(callback, work, failed(error))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return _kept(callback, work, TrainOutcome(end=end, kept_iteration=callback.iteration))


def _datasets(args: types.SimpleNamespace, tokenizer: Any, data: Path) -> tuple[Any, Any]:
    """Return the training and the validation rows; no validation rows is an empty list."""
    shown, args.data = args.data, str(data)
    train, valid, _ = load_dataset(args, tokenizer)
    args.data = shown
    return (
        _checked(args, train, data / f"train{LINES_SUFFIX}"),
        _checked(args, valid, data / f"valid{LINES_SUFFIX}"),
    )


def _checked(args: types.SimpleNamespace, rows: Any, lines: Path) -> Any:
    """Return the rows with a check; all at once when the run comes to each of them anyway."""
    if not rows:
        return []
    checked = TrainedRows(rows, lines, max_seq_length=args.max_seq_length)
    if len(rows) <= args.iters * args.batch_size:
        checked.check_all()
    return checked


def failed(error: PunieTrainError) -> TrainOutcome:
    """Return the outcome of a run that ended with `error`."""
    return TrainOutcome(
        end="failed",
        fact=error.fact,
        consequence=error.consequence,
        remedy=error.remedy,
        failure=error.failure,
    )


def _kept(callback: TrainCallback, work: Path, outcome: TrainOutcome) -> TrainOutcome:
    """Put the best weights in place of the last ones, where validation has run."""
    versions = {name: importlib.metadata.version(name) for name in ("mlx", "mlx-lm", "punie-train")}
    outcome = replace(outcome, versions={**versions, "python": platform.python_version()})
    if callback.best_iteration is None:
        return outcome
    (work / BEST_NAME).replace(work / WEIGHTS_NAME)
    return replace(
        outcome, kept_iteration=callback.best_iteration, kept_valid_loss=callback.best_loss
    )


def _save(model: Any, path: Path) -> None:
    weights = dict(tree_flatten(model.trainable_parameters()))
    mx.save_safetensors(str(path), weights)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
