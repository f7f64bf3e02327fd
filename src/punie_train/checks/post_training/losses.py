"""Did the losses fall, far enough, and did validation not rise again? (S27, F51, F52)"""

from collections.abc import Sequence
from math import isfinite

from punie_train.checks.judgement import Judgement
from punie_train.checks.measured import Amount, Words
from punie_train.checks.post_training.adapter import TrainedAdapter
from punie_train.core.errors import PunieTrainError
from punie_train.core.loss_curve import LossPoint
from punie_train.dataset.rules import Rule, Severity

NOT_FINITE = Rule(
    "loss-not-finite",
    Severity.ERROR,
    "Lower the learning rate, and run `pytest checks -m pre_training` on the data.",
    "F37",
)
NOT_FALLEN = Rule(
    "loss-not-fallen", Severity.ERROR, "Train longer, or raise the learning rate or the rank."
)
TOO_HIGH = Rule(
    "loss-too-high", Severity.ERROR, "Train longer, or raise the learning rate or the rank."
)
HIGH = Rule("loss-high", Severity.WARNING, "Train longer, or raise the rank or the learning rate.")
SMALL_FALL = Rule(
    "small-fall", Severity.WARNING, "Train longer, or look whether the data teaches something new."
)
OVERFITTED = Rule(
    "overfitted",
    Severity.ERROR,
    "Keep the weights of the best iteration: train again with --patience, or fewer --iters.",
    "F52",
)
RISES = Rule(
    "validation-rises",
    Severity.WARNING,
    "The best weights were kept; save the time with --patience, or add data.",
    "F52",
)
NOT_HELPED = Rule(
    "no-better-than-untrained",
    Severity.ERROR,
    "Lower the learning rate, and see whether training and validation rows teach the same.",
    "F52",
)
_TENTH = 10


def judge_loss(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find losses that are no numbers, do not fall, or stay high.

    The final training loss is the mean of the last tenth of the reports, at least of one: single
    batches differ. A run that goes on from older weights has little left to fall.
    """
    curve, limits = adapter.curve, adapter.limits
    if isinstance(curve, PunieTrainError):
        judgement.refused(curve)
        return
    broken = [point for point in (*curve.train, *curve.valid) if not isfinite(point.loss)]
    if broken:
        first = min(point.iteration for point in broken)
        judgement.found(NOT_FINITE, f"the loss is no number from iteration {first:,} on")
        return
    start, final = curve.train[0].loss, _end(curve.train)
    fall = 1 - final / start if start else 0.0
    judgement.measure(
        Amount("first training loss", start),
        Amount("final training loss", final),
        Amount("fall of the training loss", round(fall * 100, 1), "%"),
    )
    if final >= start:
        judgement.found(NOT_FALLEN, f"the training loss went from {start:.3f} to {final:.3f}")
    elif fall < limits.loss_fall and not adapter.went_on:
        judgement.found(SMALL_FALL, f"the training loss fell by {fall:.0%} only")
    if final >= limits.final_loss:
        judgement.found(
            TOO_HIGH, f"the final training loss is {final:.3f}, not below {limits.final_loss:g}"
        )
    elif final >= limits.good_train_loss:
        judgement.found(HIGH, f"the final training loss is {final:.3f}")
    if (kept := _kept(curve.valid, adapter.kept_iteration)) is not None:
        judgement.measure(Amount("validation loss of the kept weights", kept.loss))
        if kept.loss >= limits.good_valid_loss:
            judgement.found(HIGH, f"the validation loss is {kept.loss:.3f}")


def judge_overfitting(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find a validation loss that rises from its best, and weights that are not the best."""
    curve = adapter.curve
    if isinstance(curve, PunieTrainError):
        judgement.refused(curve)
        return
    best = curve.best_valid
    if best is None:
        judgement.skip("the run has no validation losses: overfitting cannot be seen")
        return
    last = curve.valid[-1]
    kept = _kept(curve.valid, adapter.kept_iteration) or last
    judgement.measure(
        Words("best validation loss", f"{best.loss:.4f} at iteration {best.iteration:,}"),
        Words("last validation loss", f"{last.loss:.4f} at iteration {last.iteration:,}"),
        Words("kept weights", f"{kept.loss:.4f} at iteration {kept.iteration:,}"),
    )
    allowed = best.loss * (1 + adapter.limits.valid_rise)
    rise = (
        f"the validation loss rises from {best.loss:.3f} at iteration {best.iteration:,} to "
        f"{last.loss:.3f} at iteration {last.iteration:,}"
    )
    if not kept.loss <= allowed:
        where = f", and the weights are those of iteration {kept.iteration:,}"
        judgement.found(OVERFITTED, rise + where)
    elif not last.loss <= allowed:
        judgement.found(RISES, rise)
    if not curve.helped:
        judgement.found(
            NOT_HELPED,
            f"the best validation loss, {best.loss:.3f}, is not below the "
            f"{curve.valid[0].loss:.3f} of the untrained weights",
        )


def _end(points: Sequence[LossPoint]) -> float:
    last = points[-max(1, len(points) // _TENTH) :]
    return sum(point.loss for point in last) / len(last)


def _kept(points: Sequence[LossPoint], iteration: int | None) -> LossPoint | None:
    """Return the validation of the weights that were kept; without it known, the last one."""
    found = [point for point in points if point.iteration == iteration]
    return next(iter(found), points[-1] if points else None)
