"""Measure how fast this machine trains: a real run on made rows, in a directory that goes away."""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.settings import Settings
from punie_train.dataset.made_rows import made_rows
from punie_train.mlx.adapter_manifest import STARTER
from punie_train.mlx.metrics import Metric
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.training_errors import TrainingError
from punie_train.mlx.training_speed import TrainingSpeed, measured_speed
from punie_train.workflows.find_model import find_model
from punie_train.workflows.plan_run import plan_run
from punie_train.workflows.train import RunStarted, TrainEvent, train

WARM_UP = 1
"""Iterations before the measured ones: they compile."""

VALID_BATCHES = 2
ROWS_OF_BATCHES = 4
"""Different batches that are trained on in turn."""

_DEFAULTS = RunConfig(model="", data="", adapter_path="")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """The configuration that ran, its speed, and the seconds of the whole run with loading."""

    config: RunConfig
    speed: TrainingSpeed
    seconds: float

    def estimate(self, iterations: int) -> float:
        """Return the seconds of a planned run with the defaults of `run`, without loading."""
        return self.speed.estimate(
            iterations,
            valid_every=_DEFAULTS.steps_per_eval,
            valid_batches=_DEFAULTS.val_batches,
        )


def bench(
    *,
    model: str | None,
    iters: int,
    batch_size: int,
    tokens: int,
    num_layers: int | None,
    settings: Settings,
    on_event: Callable[[TrainEvent], None] = lambda _: None,
) -> BenchResult:
    """Train `iters` measured iterations, and some before, on rows of about `tokens` tokens.

    Raises UsageError for values that cannot work, ArtifactError for a model that is not there,
    TrainingError when the run fails or is interrupted.
    """
    if tokens < 2:
        raise UsageError(f"--tokens is {tokens}", "there is nothing to train on", "Give 2 or more.")
    model = model or settings.located(settings.model, STARTER)
    length = _token_counter(find_model(model))
    metrics: list[Metric] = []

    def keep(event: TrainEvent) -> None:
        if not isinstance(event, RunStarted):
            metrics.append(event)
        on_event(event)

    with tempfile.TemporaryDirectory(prefix="punie-train-bench-") as name:
        place = Path(name)
        _write(place / "data" / "train.jsonl", batch_size * ROWS_OF_BATCHES, tokens, length)
        _write(place / "data" / "valid.jsonl", batch_size * VALID_BATCHES, tokens, length)
        wanted: dict[str, Any] = {
            "model": model,
            "data": str(place / "data"),
            "adapter_path": str(place / "adapter"),
            "iters": iters + WARM_UP,
            "batch_size": batch_size,
            "steps_per_report": 1,
            "steps_per_eval": iters + WARM_UP,
            "val_batches": VALID_BATCHES,
            "max_seq_length": max(_DEFAULTS.max_seq_length, 2 * tokens),
        }
        if num_layers is not None:
            wanted["num_layers"] = num_layers
        plan = plan_run(wanted, settings=settings)
        started = time.monotonic()
        trained = train(plan, on_event=keep)
        seconds = time.monotonic() - started
    if not trained.complete:
        raise TrainingError(
            "the run was interrupted", "its speed cannot be told", "Run the same command again."
        )
    return BenchResult(
        config=plan.config,
        speed=measured_speed(metrics, valid_batches=VALID_BATCHES),
        seconds=seconds,
    )


def _write(path: Path, rows: int, tokens: int, length: Callable[[str], int]) -> None:
    path.parent.mkdir(exist_ok=True)
    made = made_rows(rows, tokens, length=length)
    path.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")


def _token_counter(model: Path) -> Callable[[str], int]:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    except Exception as error:
        raise ArtifactError(
            f"{model / 'tokenizer.json'} cannot be read ({error})",
            "rows of a known length cannot be made",
            "Use a model directory with a tokenizer.json",
        ) from error
    return lambda text: len(tokenizer.encode(text).ids)
