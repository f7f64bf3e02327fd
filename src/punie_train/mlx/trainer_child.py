"""The trainer process: the one place that imports mlx-lm.

Started as `python -m punie_train.mlx.trainer_child RUN.yaml MODEL_DIR WORK_DIR`. The rows are in
WORK_DIR/data; weights, adapter_config.json, metrics.jsonl and outcome.json go to WORK_DIR, and into
WORK_DIR/resume what a killed run is gone on with. SIGTERM stops it after the iteration in progress,
with the weights so far. With `--launch ...` in front, mlx.launch starts several of it.
"""

import importlib.metadata
import os
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
from mlx_lm import lora
from mlx_lm.tuner.callbacks import TrainingCallback
from mlx_lm.tuner.datasets import load_dataset
from mlx_lm.utils import load

from punie_train.core.errors import PunieTrainError
from punie_train.mlx.train_callback import StopTraining
from punie_train.mlx.train_data import LINES_SUFFIX
from punie_train.mlx.train_outcome import (
    DISK_REFUSED,
    End,
    TrainOutcome,
    failed,
    is_disk_failure,
    write_outcome,
)
from punie_train.mlx.trained_adapter import BEST_NAME, WEIGHTS_NAME
from punie_train.mlx.trained_rows import TrainedRows
from punie_train.mlx.trainer_session import Session


def main(arguments: Sequence[str]) -> int:
    """Train as the configuration says; returns the exit status."""
    if arguments[0] == "--launch":
        return launch(arguments[1:])
    config, model_dir, work = (Path(argument) for argument in arguments)
    try:
        outcome = train(yaml.safe_load(config.read_text(encoding="utf-8")), model_dir, work)
        if mx.distributed.init().rank() == 0:
            write_outcome(work, outcome)
    except (OSError, RuntimeError) as error:
        if not is_disk_failure(error):
            raise
        os._exit(DISK_REFUSED)
    return int(outcome.end == "failed")


def launch(arguments: Sequence[str]) -> int:
    """Start trainers on several processes or hosts: options of mlx.launch, `--`, own arguments."""
    from mlx._distributed_utils.launch import main as mlx_launch

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    quiet, _ = os.pipe()
    os.dup2(quiet, 0)  # mlx.launch reads its standard input without a pause where that is empty
    split = list(arguments).index("--")
    module = [sys.executable, "-P", "-m", "punie_train.mlx.trainer_child"]
    sys.argv = ["mlx.launch", *arguments[:split], "--", *module, *arguments[split + 1 :]]
    mlx_launch()
    return 0


def train(parameters: dict[str, Any], model_dir: Path, work: Path) -> TrainOutcome:
    """Do what `mlx_lm lora` does, with a callback of ours, and keep the best weights.

    Raises PunieTrainError for unusable rows before the first iteration.
    """
    args = types.SimpleNamespace(**{**lora.CONFIG_DEFAULTS, **parameters})
    np.random.seed(args.seed)
    model, tokenizer = load(str(model_dir))[:2]
    try:
        rows, valid = _datasets(args, tokenizer, work / "data")
    except PunieTrainError as error:
        return failed(error)
    session = Session(args, model, rows, work)
    callback = session.callback
    signal.signal(signal.SIGTERM, lambda *_: setattr(callback, "stop_requested", True))
    args.adapter_path = str(work)
    lora.__dict__["train"] = session.train  # train_model calls it by this name
    end: End = "finished"
    try:
        lora.train_model(args, model, rows, valid, cast(TrainingCallback, callback))
    except StopTraining:
        end = "stopped" if callback.stop_requested else "patience"
        if session.leads:
            session.save(work / WEIGHTS_NAME)
    except PunieTrainError as error:
        outcome = failed(error)
        return outcome if callback.best_iteration is None else _kept(session, work, outcome)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return _kept(session, work, TrainOutcome(end=end, kept_iteration=callback.iteration))


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


def _kept(session: Session, work: Path, outcome: TrainOutcome) -> TrainOutcome:
    """Put the best weights in place of the last ones, where validation has run."""
    callback = session.callback
    versions = {name: importlib.metadata.version(name) for name in ("mlx", "mlx-lm", "punie-train")}
    outcome = replace(outcome, versions={**versions, "python": platform.python_version()})
    if callback.best_iteration is None:
        return outcome
    if session.leads:
        (work / BEST_NAME).replace(work / WEIGHTS_NAME)
    return replace(
        outcome, kept_iteration=callback.best_iteration, kept_valid_loss=callback.best_loss
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
