"""What is known of one failure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A way in which a number lied.

    `symptom` is what somebody saw, `cause` what it was, `caught_by` the part that catches it.
    `message` is what it says, to the letter; ` ... ` stands for what differs from run to run.
    """

    symptom: str
    cause: str
    caught_by: str
    message: str
