"""How the trainer process ended, told by itself in a file."""

import errno
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from punie_train.core.errors import PunieTrainError
from punie_train.core.json_files import write_json

OUTCOME_NAME = "outcome.json"
TRACKER_NAME = "tracker"
"""The directory into which a tracker such as wandb writes."""

DISK_REFUSED = 74
"""The exit status of a trainer that could not even say in a file that the disk is full."""

_REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
End = Literal["finished", "patience", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainOutcome:
    """The end of a run.

    `kept_iteration` is that of the weights in adapters.safetensors, None when there are none.
    The message parts are those of PunieTrainError and empty unless the run failed.
    """

    end: End
    kept_iteration: int | None = None
    kept_valid_loss: float | None = None
    fact: str = ""
    consequence: str = ""
    remedy: str = ""
    failure: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)


def write_outcome(directory: Path, outcome: TrainOutcome) -> None:
    """Write the outcome into the run's directory."""
    write_json(directory / OUTCOME_NAME, asdict(outcome))


def read_outcome(directory: Path) -> TrainOutcome | None:
    """Return the outcome, or None when the trainer ended without a word."""
    try:
        return TrainOutcome(**json.loads((directory / OUTCOME_NAME).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def failed(error: PunieTrainError) -> TrainOutcome:
    """Return the outcome of a run that ended with `error`."""
    return TrainOutcome(
        end="failed",
        fact=error.fact,
        consequence=error.consequence,
        remedy=error.remedy,
        failure=error.failure,
    )


def is_disk_failure(error: BaseException) -> bool:
    """Say whether the disk refused to take what was written; MLX says so with a RuntimeError."""
    if isinstance(error, OSError):
        return error.errno in _REFUSALS
    return isinstance(error, RuntimeError) and "Unable to write" in str(error)
