"""Is the adapter whole, of this base, as asked, and made of numbers that do something?"""

from punie_train.checks.judgement import Judgement
from punie_train.checks.measured import Amount, Share, Words
from punie_train.checks.post_training.adapter import TrainedAdapter
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.rules import Rule, Severity

INCOMPLETE = Rule(
    "incomplete",
    Severity.ERROR,
    "Finish the training with `punie-train run --resume`, or train it again.",
    "F55",
)
NO_MANIFEST = Rule(
    "no-manifest",
    Severity.WARNING,
    "Train with `punie-train run`, which writes the base, the data and what was asked.",
    "F55",
)
OTHER_BASE = Rule(
    "other-base",
    Severity.ERROR,
    "Name the base it was trained from with --model, or train it from this one.",
    "F09",
)
BASE_UNKNOWN = Rule(
    "base-unknown", Severity.WARNING, "Train with `punie-train run`, which writes the base.", "F09"
)
NOT_AS_ASKED = Rule(
    "not-as-asked",
    Severity.ERROR,
    "Train it again with the version of mlx-lm that punie-train asks for.",
    "F50",
)
ASKED_UNKNOWN = Rule(
    "asked-unknown",
    Severity.WARNING,
    "Give the run's YAML with --run-config, or train with `punie-train run`.",
    "F50",
)
NOT_FINITE = Rule(
    "not-finite",
    Severity.ERROR,
    "Look at the loss for the iteration where it broke, lower the learning rate, train again.",
    "F37",
)
CHANGES_NOTHING = Rule(
    "changes-nothing",
    Severity.ERROR,
    "Train it again with a rank above 0, on layers the model has, and with iterations.",
    "F10",
)
SOME_ZERO = Rule(
    "some-zero", Severity.WARNING, "Look whether these layers were meant to be trained.", "F10"
)
_NAMED = 3


def judge_files(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find files that are missing or broken, and a training that has not ended."""
    files = adapter.files
    state = {True: "finished", False: "not finished", None: "unknown, there is no manifest"}
    judgement.measure(Words("training", state[files.finished]))
    if files.missing:
        judgement.found(INCOMPLETE, f"{' and '.join(files.missing)} missing")
    for problem in files.broken:
        judgement.found(INCOMPLETE, problem)
    if files.finished is False:
        judgement.found(INCOMPLETE, "its training was not finished")
    if files.finished is None and not files.broken:
        judgement.found(NO_MANIFEST, "there is no manifest.json")


def judge_base(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find an adapter that was trained from other weights than those that are there."""
    base = adapter.base
    if isinstance(base, PunieTrainError):
        judgement.refused(base)
        return
    judgement.measure(Words("base", f"{base.name} ({base.fingerprint[:12]})"))
    if base.trained_from is None:
        judgement.found(BASE_UNKNOWN, "nothing says which model it was trained from")
    elif base.trained_from != base.fingerprint:
        judgement.found(
            OTHER_BASE,
            f"it was trained from {base.trained_from[:12]}, and {base.name} is "
            f"{base.fingerprint[:12]}",
        )


def judge_shape(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find a rank or layers in files and tensors that are not those that were asked for."""
    shape = adapter.shape
    if isinstance(shape, PunieTrainError):
        judgement.refused(shape)
        return
    if shape.rank is not None:
        judgement.measure(Amount("rank", shape.rank))
    judgement.measure(Amount("layers", shape.layers), Amount("tensors", shape.tensors))
    judgement.measure(Words("asked for by", shape.asked or "nothing says it"))
    for difference in shape.differences:
        judgement.found(NOT_AS_ASKED, difference)
    if shape.asked is None:
        judgement.found(ASKED_UNKNOWN, "nothing says what was asked for")


def judge_weights(adapter: TrainedAdapter, judgement: Judgement) -> None:
    """Find weights that are no numbers, and matrices that add nothing."""
    weights = adapter.weights
    if isinstance(weights, PunieTrainError):
        judgement.refused(weights)
        return
    judgement.measure(
        Share("finite tensors", weights.tensors - len(weights.broken), weights.tensors),
        Share("B matrices that are not zero", weights.ups - len(weights.zero_ups), weights.ups),
    )
    if weights.broken:
        judgement.found(NOT_FINITE, f"NaN or infinite weights in {_some(weights.broken)}")
    if not weights.tensors:
        judgement.found(CHANGES_NOTHING, "it holds no weights")
    elif weights.ups and len(weights.zero_ups) == weights.ups:
        judgement.found(CHANGES_NOTHING, "all its B matrices are zero")
    elif weights.zero_ups:
        judgement.found(SOME_ZERO, f"zero B matrices: {_some(weights.zero_ups)}")


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
