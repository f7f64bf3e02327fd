"""How the trainer process ended, told by itself in a file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from punie_train.core.json_files import write_json

OUTCOME_NAME = "outcome.json"
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
