"""Losses over the iterations of a training run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPoint:
    """A loss (natural logarithm, per token) after so many iterations."""

    iteration: int
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """Training and validation losses, each in order of iterations; validation may be empty."""

    train: tuple[LossPoint, ...]
    valid: tuple[LossPoint, ...] = ()

    @property
    def best_valid(self) -> LossPoint | None:
        """Return the lowest validation loss of trained weights; iteration 0 is untrained."""
        trained = [point for point in self.valid if point.iteration > 0]
        return min(trained, key=lambda point: point.loss, default=None)

    @property
    def levels_off(self) -> LossPoint | None:
        """Return the validation from which on no later one is more than 2 % lower.

        None where that is only the last one: the loss was still falling.
        """
        trained = [point for point in self.valid if point.iteration > 0]
        for place, point in enumerate(trained[:-1], start=1):
            if min(later.loss for later in trained[place:]) >= point.loss * 0.98:
                return point
        return None

    @property
    def rises(self) -> bool:
        """Say whether validation ended more than 2 % above its best."""
        best = self.best_valid
        return best is not None and self.valid[-1].loss > best.loss * 1.02

    @property
    def helped(self) -> bool:
        """Say whether training brought the validation loss below that of the untrained weights."""
        best = self.best_valid
        if best is None or self.valid[0].iteration > 0:
            return True
        return best.loss < self.valid[0].loss
