"""Run the trainer in its own process and pass on what it reports."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from punie_train.core.errors import PunieTrainError
from punie_train.mlx.metrics import Metric, MetricsTail, loss_curve
from punie_train.mlx.train_callback import METRICS_NAME
from punie_train.mlx.train_outcome import TrainOutcome, read_outcome
from punie_train.mlx.trained_adapter import BEST_NAME, WEIGHTS_NAME
from punie_train.mlx.training_errors import TrainingError
from punie_train.processes.child import Child

RUN_NAME = "run.yaml"
LOG_NAME = "train.log"
TRAINER = "punie_train.mlx.trainer_child"
POLL_SECONDS = 0.1


def run_trainer(
    model_dir: Path, work: Path, on_metric: Callable[[Metric], None]
) -> TrainOutcome | None:
    """Train as `work`/run.yaml says and return how it ended; None when nothing can be kept.

    On KeyboardInterrupt the trainer is asked to stop after its iteration, and the outcome says
    so. Raises TrainingError when it ends without a word.
    """
    tail = MetricsTail(work / METRICS_NAME)
    child = Child.start(
        [TRAINER, str(work / RUN_NAME), str(model_dir), str(work)],
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
    if outcome is None:
        raise TrainingError(
            f"the trainer ended with status {status}",
            f"nothing was trained. Its last words:\n{_indented(child.log_tail(15))}\n",
            "Mend the cause named there; for lack of memory: a smaller --batch-size, fewer "
            "--num-layers, or --grad-checkpoint",
        )
    return outcome


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
