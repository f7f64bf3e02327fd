"""The proof that an adapter was, or was not, live."""

from dataclasses import dataclass
from enum import StrEnum


class Applied(StrEnum):
    """Was the adapter live while the replies were made?"""

    YES = "true"
    NO = "false"
    UNVERIFIED = "unverified"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """The verdict, the reason in words, and the largest log-probability shift that was seen."""

    applied: Applied
    reason: str
    shift: float | None = None
    noise: float | None = None
