"""What can go wrong in a training run."""

from punie_train.core.errors import PunieTrainError


class TrainingError(PunieTrainError):
    """A training run did not do what was asked."""


class RunInterruptedError(TrainingError):
    """A training run was stopped by its user before it had weights."""
