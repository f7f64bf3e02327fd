"""What a model said behind a real server, or why it said nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from punie_train.checks.judgement import Judgement
from punie_train.checks.measured import Amount, Words
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.rules import Rule, Severity

EMPTY = Rule(
    "empty-reply", Severity.ERROR, "Read its log, and ask it with `punie-train diagnose`.", "F04"
)
NOT_LIVE = Rule(
    "not-live",
    Severity.ERROR,
    "Train it again, or look at the server's version: mlx-lm before 0.32 ignored adapters.",
    "F02",
)
UNVERIFIED = Rule(
    "unverified",
    Severity.WARNING,
    "Check the adapter behind a server of mlx-lm: without --server-url one is started.",
    "F01",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Attestation and replies of one model; `error` says why there are none."""

    attestation: Attestation | None = None
    replies: tuple[Completion, ...] = ()
    error: PunieTrainError | None = None


def judge_loading(live: Live, judgement: Judgement) -> None:
    """Find a server that does not start, or that says nothing at all."""
    if live.error is not None:
        judgement.refused(live.error)
        return
    written = sum(reply.completion_tokens for reply in live.replies)
    judgement.measure(Amount("replies", len(live.replies)), Amount("tokens written", written))
    if not any(reply.text.strip() for reply in live.replies):
        judgement.found(EMPTY, f"{len(live.replies)} replies and no text in any")


def judge_attestation(attestation: Attestation, judgement: Judgement) -> None:
    """Find an adapter that does not change what the base model says."""
    judgement.measure(Words("attested", f"{attestation.applied}: {attestation.reason}"))
    if attestation.shift is not None:
        judgement.measure(Amount("largest shift of a log-probability", attestation.shift))
    if attestation.noise is not None:
        judgement.measure(Amount("noise of the base model", attestation.noise))
    match attestation.applied:
        case Applied.NO:
            judgement.found(NOT_LIVE, attestation.reason)
        case Applied.UNVERIFIED:
            judgement.found(UNVERIFIED, attestation.reason)


def texts(replies: Sequence[Completion]) -> tuple[str, ...]:
    """Return what was really written."""
    return tuple(reply.text for reply in replies)
