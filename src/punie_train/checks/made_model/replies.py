"""What a fused or quantized model really says (F53, F54, S28)."""

from punie_train.checks.judgement import Judgement
from punie_train.checks.made_model.model import MadeModel
from punie_train.checks.measured import Amount, Share, Words
from punie_train.core.errors import PunieTrainError
from punie_train.core.retention import ReplyAgreement
from punie_train.dataset.control_tokens import control_token
from punie_train.dataset.rules import Rule, Severity

OTHER_REPLIES = Rule(
    "other-replies",
    Severity.ERROR,
    "Fuse with dequantizing, quantize with more bits, or train to a larger effect.",
    "F53",
)
ENDLESS = Rule(
    "endless",
    Severity.ERROR,
    "Restore eos_token_id in config.json and generation_config.json from the base.",
    "F54",
)
NO_CALL = Rule(
    "no-call", Severity.ERROR, "Ask it with `punie-train diagnose`; quantize with more bits.", "F53"
)
RAW_CONTROL = Rule(
    "raw-control-token",
    Severity.ERROR,
    "Compare end tokens and chat template with those of the base.",
    "F54",
)


def judge_replies(model: MadeModel, judgement: Judgement) -> None:
    """Find a model that greedily answers otherwise than its reference."""
    if (agreement := _agreement(model, judgement)) is None:
        return
    number = len(agreement.replies)
    judgement.measure(
        Words("compared with", agreement.reference),
        Share("same replies", agreement.same, number),
        Share("same where the adapter changes the reply", agreement.kept, agreement.telling),
        Amount("mean share of tokens before a difference", round(agreement.common, 4)),
    )
    least = model.limits.same_replies
    if agreement.same < least * number:
        judgement.found(
            OTHER_REPLIES,
            f"{agreement.same} of {number} replies are those of {agreement.reference}, "
            f"not {least:.0%}",
        )
    elif agreement.kept < least * agreement.telling:
        judgement.found(
            OTHER_REPLIES,
            f"{agreement.kept} of the {agreement.telling} replies that the adapter changes are "
            f"kept, not {least:.0%}",
        )


def judge_end(model: MadeModel, judgement: Judgement) -> None:
    """Find replies that go on until they are cut off, though the reference ends by itself."""
    live = model.live()
    if live.error is not None:
        judgement.refused(live.error)
        return
    number = len(live.replies)
    ended = sum(reply.finish_reason != "length" for reply in live.replies)
    judgement.measure(Share("replies that end by themselves", ended, number))
    expected = 1
    try:
        agreement = model.agreement()
    except PunieTrainError:
        agreement = ""
    if isinstance(agreement, ReplyAgreement):
        expected = sum(reply.expected_to_end for reply in agreement.replies)
        judgement.measure(Share("of the reference", expected, len(agreement.replies)))
        endless = agreement.endless
        if 2 * endless > expected:
            judgement.found(ENDLESS, f"{endless} of {expected} replies no longer end by themselves")
            return
    if number and expected and not ended:
        judgement.found(ENDLESS, f"none of {number} replies ends by itself")


def judge_smoke(model: MadeModel, judgement: Judgement) -> None:
    """Find a model that calls no tool, or that writes control tokens into its replies."""
    live = model.live()
    if live.error is not None:
        judgement.refused(live.error)
        return
    written = model.calls_written()
    judgement.measure(Share("replies with a tool call", sum(map(bool, written)), len(written)))
    raw = [token for reply in live.replies if (token := control_token(reply.text))]
    judgement.measure(Share("replies with raw control tokens", len(raw), len(live.replies)))
    if not any(written):
        judgement.found(NO_CALL, f"none of {len(written)} replies holds a tool call")
    if raw:
        judgement.found(RAW_CONTROL, f"{len(raw)} replies hold {raw[0]} as text")


def _agreement(model: MadeModel, judgement: Judgement) -> ReplyAgreement | None:
    try:
        agreement = model.agreement()
    except PunieTrainError as error:
        judgement.refused(error)
        return None
    if isinstance(agreement, str):
        judgement.skip(agreement)
        return None
    return agreement
