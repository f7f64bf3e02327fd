"""The checks of a model as it is served, by name."""

from collections.abc import Collection, Mapping

from punie_train.checks.catalogue import Stage
from punie_train.checks.judgement import Judge, Judgement, judge
from punie_train.checks.live_reply import judge_attestation
from punie_train.checks.measured import Share
from punie_train.checks.result import CheckResult
from punie_train.checks.runtime import agreement
from punie_train.checks.runtime.agreement import NOT_DELIVERED, Runtime
from punie_train.core.errors import PunieTrainError
from punie_train.dataset.rules import Rule, Severity

WRITES_NONE = Rule(
    "writes-no-call",
    Severity.WARNING,
    "See the raw replies with `punie-train diagnose`.",
    "F30",
)


def judge_delivery(runtime: Runtime, judgement: Judgement) -> None:
    """Find calls that the model writes and the running server does not hand over."""
    try:
        seen = runtime.delivery()
    except PunieTrainError as error:
        judgement.refused(error)
        return
    if isinstance(seen, str):
        judgement.skip(seen)
        return
    written = [delivered for calls, delivered in seen if calls]
    judgement.measure(
        Share("replies with a call", len(written), len(seen)),
        Share("of these delivered", sum(written), len(written)),
    )
    if not written:
        judgement.found(WRITES_NONE, f"none of {len(seen)} replies holds a whole call")
    elif sum(written) < runtime.limits.delivered * len(written):
        judgement.found(
            NOT_DELIVERED,
            f"the model wrote calls in {len(written)} of {len(seen)} replies, and the server "
            f"handed over {sum(written)}",
        )


def judge_attested(runtime: Runtime, judgement: Judgement) -> None:
    """Find a server that does not answer as the model that it is said to serve."""
    live = runtime.live()
    if live.error is not None:
        judgement.refused(live.error)
    elif live.attestation is None:
        judgement.skip("no server was asked")
    else:
        judge_attestation(live.attestation, judgement)


JUDGES: Mapping[str, Judge[Runtime]] = {
    "format-read": agreement.judge_read,
    "format-delivered": agreement.judge_delivered,
    "same-prompt": agreement.judge_prompt,
    "call-marks": agreement.judge_marks,
    "replies-end": agreement.judge_ends,
    "live-delivery": judge_delivery,
    "attested": judge_attested,
}


def judge_runtime(runtime: Runtime, names: Collection[str]) -> Mapping[str, CheckResult]:
    """Return the results of the checks of these names, in the catalogue's order."""
    return judge(Stage.RUNTIME, names, JUDGES, runtime, runtime.path)
