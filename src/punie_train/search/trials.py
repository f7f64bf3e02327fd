"""What a trial of a search was and gave, and the table of all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class TrialState(StrEnum):
    """How far a trial is; `waiting` is one that begins again, since its worker is gone."""

    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"
    RUNNING = "running"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One trial: `score` of its evaluation (0.0 to 1.0) with its interval, losses by iteration.

    `reason` says why a trial failed. `seconds` are those of training and evaluation.
    """

    number: int
    state: TrialState
    parameters: Mapping[str, Any]
    score: float | None = None
    low: float | None = None
    high: float | None = None
    cases: int | None = None
    losses: Mapping[int, float] = field(default_factory=dict)
    path: str | None = None
    seconds: float | None = None
    reason: str | None = None

    @property
    def valid_loss(self) -> float | None:
        """Return the lowest validation loss."""
        return min(self.losses.values(), default=None)

    def to_json(self) -> dict[str, Any]:
        """Return the trial as `search.json` has it."""
        return {
            "trial": self.number,
            "state": str(self.state),
            "parameters": dict(self.parameters),
            "score": self.score,
            "low": self.low,
            "high": self.high,
            "cases": self.cases,
            "valid_loss": self.valid_loss,
            "losses": {str(at): loss for at, loss in self.losses.items()},
            "adapter": self.path,
            "seconds": self.seconds,
            "reason": self.reason,
        }


def ranked(trials: Sequence[TrialRecord]) -> tuple[TrialRecord, ...]:
    """Return the trials with a score, the best first, then all others.

    Of equal scores, and among those without one, the lower validation loss comes first.
    """

    def key(trial: TrialRecord) -> tuple[bool, float, float, int]:
        loss = trial.valid_loss
        return (
            trial.score is None,
            -(trial.score or 0.0),
            float("inf") if loss is None else loss,
            trial.number,
        )

    return tuple(sorted(trials, key=key))
