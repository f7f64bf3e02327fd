"""Files and weights of a fused or quantized model (F53, F54, B14)."""

from punie_train.checks.judgement import Judgement
from punie_train.checks.made_model.model import MadeModel, StoredWeights
from punie_train.checks.measured import Amount, Histogram, Words
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.rules import Rule, Severity

_AGAIN = "Make it again with `punie-train fuse` or `quantize`, which keep these files."
NOT_KEPT = Rule("not-kept", Severity.ERROR, _AGAIN, "F54")
NO_END = Rule(
    "no-end-token", Severity.ERROR, "Copy eos_token_id from the base into config.json.", "F54"
)
NO_TEMPLATE = Rule(
    "no-template", Severity.ERROR, "Copy chat template and tokenizer from the base.", "F25"
)
SOURCE_UNKNOWN = Rule(
    "source-unknown", Severity.WARNING, "Name the base with --model, or make it again.", "F54"
)
NOT_FINITE = Rule(
    "not-finite", Severity.ERROR, "Look at the dtype of the base, and make the model again."
)
LEFTOVERS = Rule(
    "adapter-beside", Severity.ERROR, "Fuse it again: these matrices are not in the weights."
)
OTHER_BITS = Rule(
    "other-bits", Severity.ERROR, "Quantize it again with `punie-train quantize --bits`."
)
NOT_QUANTIZED = Rule(
    "not-quantized", Severity.ERROR, "Quantize it with `punie-train quantize --bits 6`."
)
STILL_QUANTIZED = Rule(
    "still-quantized", Severity.WARNING, "Fuse with dequantizing, which is the default.", "F53"
)
ERASED = Rule(
    "signal-erased",
    Severity.ERROR,
    "Fuse with dequantizing, and quantize with 6 or 8 bits.",
    "F53",
)
DROWNED = Rule("signal-drowned", Severity.ERROR, "Quantize with more bits: 6 or 8.", "F53")


def judge_files(model: MadeModel, judgement: Judgement) -> None:
    """Find end tokens, template, tokenizer or config that are not those of its source."""
    files = model.files
    if isinstance(files, PunieTrainError):
        judgement.refused(files)
        return
    ends = ", ".join(map(str, files.end_tokens))
    judgement.measure(
        Words("end tokens", ends or "none"),
        Words("compared with", files.source or "nothing: it is not known what it was made from"),
    )
    if not files.end_tokens:
        judgement.found(NO_END, "neither config.json nor generation_config.json has eos_token_id")
    for there, what in ((files.template, "chat template"), (files.tokenizer, "tokenizer.json")):
        if not there:
            judgement.found(NO_TEMPLATE, f"it has no {what}")
    for difference in files.differences:
        judgement.found(NOT_KEPT, f"it differs from {files.source} in {difference}")
    if files.source is None:
        judgement.found(SOURCE_UNKNOWN, "nothing says what it was made from")


def judge_stored(model: MadeModel, judgement: Judgement) -> None:
    """Find broken weights, other bits than intended, and an adapter that was not fused in."""
    weights = model.weights
    if isinstance(weights, PunieTrainError):
        judgement.refused(weights)
        return
    judgement.measure(
        Amount("matrices", weights.matrices), Histogram("stored with", weights.stored)
    )
    if weights.intended is not None:
        bits, group = weights.intended
        judgement.measure(Words("intended", f"{bits} bits in groups of {group}"))
    if weights.broken:
        judgement.found(NOT_FINITE, f"NaN or infinite weights in {', '.join(weights.broken[:3])}")
    if weights.leftovers:
        judgement.found(LEFTOVERS, f"{', '.join(weights.leftovers[:3])} beside the weights")
    if model.quantized:
        _judge_bits(weights, judgement)
    elif weights.bits and weights.intended is None:
        judgement.found(STILL_QUANTIZED, f"{sum(n for _, n in weights.stored)} matrices are")


def _judge_bits(weights: StoredWeights, judgement: Judgement) -> None:
    if not weights.bits:
        judgement.found(NOT_QUANTIZED, "no matrix is quantized")
    elif weights.intended is not None:
        bits, group = weights.intended
        if other := [each for each in weights.bits if each != bits]:
            judgement.found(OTHER_BITS, f"{other[0]} bits are stored instead of {bits}")
        if other := [each for each in weights.groups if each != group]:
            judgement.found(OTHER_BITS, f"groups of {other[0]} are stored instead of {group}")


def judge_signal(model: MadeModel, judgement: Judgement) -> None:
    """Find an adapter of whose effect too little is left in the weights."""
    try:
        signal = model.signal()
    except PunieTrainError as error:
        judgement.refused(error)
        return
    if isinstance(signal, str):
        judgement.skip(signal)
        return
    limits = model.limits
    judgement.measure(
        Amount("share of the effect that is left", round(signal.share, 4)),
        Amount("cosine with what changed", round(signal.cosine, 4)),
        Amount("matrices compared", len(signal.layers)),
    )
    if worst := signal.worst(1):
        judgement.measure(
            Words("worst matrix", f"{worst[0].name}: {worst[0].share:.3f}, {worst[0].cosine:.3f}")
        )
    if signal.share < limits.signal_share:
        judgement.found(
            ERASED,
            f"{signal.share:.0%} of the adapter's effect is left, not {limits.signal_share:.0%}",
        )
    if signal.cosine < limits.signal_cosine:
        judgement.found(
            DROWNED,
            f"noise covers the adapter's effect: cosine {signal.cosine:.2f}, not "
            f"{limits.signal_cosine:.2f}",
        )
