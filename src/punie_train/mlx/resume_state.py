"""What a killed run is gone on with: weights, optimizer, random numbers, and where it was.

A state is two files of tensors, named by their iteration, and `state.json`, which names them and is
put in place last: at every moment there is one whole state, or none.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from punie_train.core.json_files import write_json

RESUME_NAME = "resume"
STATE_NAME = "state.json"
Write = Callable[[Path], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeState:
    """Where a run was after `iteration` iterations.

    `pass_start` and `now` are states of numpy's generator: at the start of the pass over the rows,
    and now. `metrics_bytes` is how much of metrics.jsonl belongs to it. The last three fields are
    those of the callback that looks for the best weights.
    """

    iteration: int
    pass_start: list[Any]
    now: list[Any]
    metrics_bytes: int
    trained_tokens: int
    best_iteration: int | None = None
    best_loss: float | None = None
    without_improvement: int = 0


def weights_file(work: Path, iteration: int) -> Path:
    """Return where the weights of a state are."""
    return work / RESUME_NAME / f"{iteration:07d}_weights.safetensors"


def optimizer_file(work: Path, iteration: int) -> Path:
    """Return where the optimizer and the random keys of a state are."""
    return work / RESUME_NAME / f"{iteration:07d}_optimizer.safetensors"


def keep_state(work: Path, state: ResumeState, *, weights: Write, optimizer: Write) -> None:
    """Write a state and remove the one before it; raises OSError when the disk refuses."""
    directory = work / RESUME_NAME
    directory.mkdir(exist_ok=True)
    weights(weights_file(work, state.iteration))
    optimizer(optimizer_file(work, state.iteration))
    write_json(directory / STATE_NAME, asdict(state))
    for path in directory.glob("*.safetensors"):
        if not path.name.startswith(f"{state.iteration:07d}_"):
            path.unlink()


def read_state(work: Path) -> ResumeState | None:
    """Return the state in a run's directory, None when there is none that is whole."""
    try:
        text = (work / RESUME_NAME / STATE_NAME).read_text(encoding="utf-8")
        state = ResumeState(**json.loads(text))
    except (OSError, ValueError, TypeError):
        return None
    files = (weights_file(work, state.iteration), optimizer_file(work, state.iteration))
    return state if all(file.is_file() for file in files) else None
