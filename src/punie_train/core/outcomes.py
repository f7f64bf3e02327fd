"""How a case ended, and what a scorer said of it."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The end of a case: the first four are the model's doing, `unavailable` is ours."""

    PASSED = "passed"
    FAILED = "failed"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One scorer's verdict: a value from 0.0 to 1.0 and the reason in words."""

    name: str
    value: float
    reason: str
