"""Run the trainer in its own process and pass on what it reports."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from punie_train.core.errors import PunieTrainError
from punie_train.mlx.metrics import Metric, MetricsTail, loss_curve
from punie_train.mlx.resume_state import read_state
from punie_train.mlx.train_callback import METRICS_NAME
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.train_outcome import DISK_REFUSED, TrainOutcome, read_outcome
from punie_train.mlx.trained_adapter import BEST_NAME, WEIGHTS_NAME
from punie_train.mlx.training_errors import RunInterruptedError, TrainingError
from punie_train.processes.child import Child
from punie_train.processes.ports import free_ports

RUN_NAME = "run.yaml"
LOG_NAME = "train.log"
ASKED_NAME = "asked.json"
TRAINER = "punie_train.mlx.trainer_child"
POLL_SECONDS = 0.1
LOCALHOST = "127.0.0.1"
_DISK_STATUS = (DISK_REFUSED, 120)
"""120 is Python's own, when it could not write the last of its output."""


class LostTrainerError(TrainingError):
    """The trainer ended in a way that a resumed run may survive."""


class KilledTrainerError(LostTrainerError, RunInterruptedError):
    """The user interrupted the run, and its trainer had to be killed; its state was kept."""


def trainer_command(config: RunConfig, model_dir: Path, work: Path, *, port: int) -> list[str]:
    """Return the module and its arguments that train; several processes listen from `port` on."""
    own = [str(path.absolute()) for path in (work / RUN_NAME, model_dir, work)]
    if config.processes == 1:
        return [TRAINER, *own]
    hosts = ",".join(config.hosts or (LOCALHOST,))
    several = ["--hosts", hosts, "--repeat-hosts", str(config.nproc), "--backend", "ring"]
    return [TRAINER, "--launch", *several, "--starting-port", str(port), "--", *own]


def run_trainer(
    config: RunConfig, model_dir: Path, work: Path, on_metric: Callable[[Metric], None]
) -> TrainOutcome | None:
    """Train as `work`/run.yaml says and return how it ended; None when nothing can be kept.

    On KeyboardInterrupt the trainer is asked to stop after its iteration, and the outcome says
    so. Raises LostTrainerError when it ends without a word, or when the disk is full.
    """
    tail = MetricsTail(work / METRICS_NAME)
    child = Child.start(
        trainer_command(config, model_dir, work, port=free_ports(LOCALHOST, config.processes)),
        log_path=work / LOG_NAME,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", "TOKENIZERS_PARALLELISM": "true"},
    )
    interrupted = False
    try:
        while child.poll() is None:
            _pass_on(tail, on_metric)
            time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        status = child.stop()
    _pass_on(tail, on_metric)
    outcome = read_outcome(work)
    if outcome is None and interrupted:
        return rescued(work)
    if status in _DISK_STATUS:
        raise disk_full(work)
    if outcome is None:
        raise LostTrainerError(
            f"the trainer ended with status {status}",
            f"the run is not finished. Its last words:\n{_indented(child.log_tail(15))}\n",
            "Mend the cause named there (for lack of memory: a smaller --batch-size, fewer "
            f"--num-layers, or --grad-checkpoint), then {_again(work)}",
        )
    return outcome


def disk_full(work: Path) -> LostTrainerError:
    """Return the error of a run for which there was no more room."""
    free = shutil.disk_usage(work).free
    return LostTrainerError(
        f"the disk refused to take what the run wrote ({free / 1e6:.1f} MB are free there)",
        "the run was stopped, and what stood at the output before is untouched",
        f"Make room, then {_again(work)}",
        failure="F56",
    )


def _again(work: Path) -> str:
    if state := read_state(work):
        return f"give --resume to go on from iteration {state.iteration}"
    return "run the same command again"


def rescued(work: Path) -> TrainOutcome | None:
    """Keep the best weights of a trainer that was killed; None when it had none."""
    best = None
    with suppress(PunieTrainError):
        best = loss_curve(MetricsTail(work / METRICS_NAME).read_new()).best_valid
    if best is None or not (work / BEST_NAME).is_file():
        return None
    (work / BEST_NAME).replace(work / WEIGHTS_NAME)
    return TrainOutcome(end="stopped", kept_iteration=best.iteration, kept_valid_loss=best.loss)


def _pass_on(tail: MetricsTail, on_metric: Callable[[Metric], None]) -> None:
    for metric in tail.read_new():
        on_metric(metric)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
