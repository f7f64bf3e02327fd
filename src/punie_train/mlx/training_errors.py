"""What can go wrong in a training run."""

from punie_train.core.errors import PunieTrainError


class TrainingError(PunieTrainError):
    """A training run did not do what was asked."""
