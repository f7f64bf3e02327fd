"""The last words of a training run."""

import json

from punie_train.reporting.loss_plot import loss_lines
from punie_train.reporting.numbers import seconds as duration
from punie_train.workflows.finish_run import WRITTEN, TrainedAdapter


def summary(trained: TrainedAdapter, *, iterations: int, seconds: float) -> list[str]:
    """Return what was written, how the loss went, and the command to run next."""
    curve, best = trained.curve, trained.curve.best_valid
    lines = ["", *loss_lines(curve), ""]
    kept = f"weights of iteration {trained.kept_iteration} of {iterations}"
    if best is not None:
        kept += f", the lowest validation loss ({best.loss:.3f})"
    if trained.stopped_early:
        lines.append(
            f"Stopped after iteration {curve.train[-1].iteration}: validation loss no longer fell."
        )
    if best is not None and curve.rises:
        lines.append(
            f"Overfitting: validation loss rose from {best.loss:.3f} at iteration "
            f"{best.iteration} to {curve.valid[-1].loss:.3f}; the better weights are kept. "
            "Train for fewer iterations, or on more rows. [F52]"
        )
    if level := curve.levels_off:
        lines.append(
            f"Validation loss levels off at iteration {level.iteration} ({level.loss:.3f}): no "
            "later one is more than 2 % lower."
        )
    if not curve.helped:
        lines.append(
            "Validation loss never fell below that of the untrained model: this adapter makes it "
            "worse. Lower --learning-rate, or check that both splits look alike. [F52]"
        )
    size = f"{trained.bytes / 1e6:.2f} MB"
    lines += [
        f"Wrote {trained.path} in {duration(seconds)}: {kept}, {size}.",
        f"  {', '.join(WRITTEN)}",
    ]
    if trained.complete:
        lines += ["", f"Next: pytest evals --adapter {trained.path}"]
    return lines


def as_json(trained: TrainedAdapter) -> str:
    """Return the result for a program."""
    curve, best = trained.curve, trained.curve.best_valid
    return json.dumps(
        {
            "path": str(trained.path),
            "complete": trained.complete,
            "kept_iteration": trained.kept_iteration,
            "train_loss": curve.train[-1].loss,
            "valid_loss": best.loss if best else None,
            "overfitting": curve.rises,
            "levels_off": curve.levels_off.iteration if curve.levels_off else None,
            "bytes": trained.bytes,
        }
    )
