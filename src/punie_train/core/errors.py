"""The one root of everything a user can cause, with the exit status it leads to."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """Exit statuses of the command line."""

    DONE = 0
    ANSWER_IS_NO = 1
    WRONG_USAGE = 2
    COULD_NOT = 3


class PunieTrainError(Exception):
    """A failure told in one message: fact: consequence. remedy."""

    status: ExitStatus = ExitStatus.COULD_NOT

    def __init__(self, fact: str, consequence: str, remedy: str, *, failure: str | None = None):
        """Keep the parts; `failure` is an id of the failure catalogue such as `F02`."""
        self.fact, self.consequence, self.remedy, self.failure = fact, consequence, remedy, failure
        super().__init__(fact, consequence, remedy)

    def __str__(self) -> str:
        mark = f" [{self.failure}]" if self.failure else ""
        end = "" if self.remedy.endswith((".", "?")) else "."
        return f"{self.fact}: {self.consequence}. {self.remedy}{end}{mark}"


class UsageError(PunieTrainError):
    """What was asked for cannot be understood or does not fit together."""

    status = ExitStatus.WRONG_USAGE


class ArtifactError(PunieTrainError):
    """A model, adapter or dataset on disk is missing, incomplete or of the wrong kind."""


class ServerError(PunieTrainError):
    """A model server did not start, stopped, or is not the one that was asked for."""


class RequestError(PunieTrainError):
    """A request got no usable answer, and that is not the model's fault."""


class AttestationError(PunieTrainError):
    """The scores would not be the scores of what they claim to measure."""
