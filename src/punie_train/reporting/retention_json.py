"""How much of an adapter is left, as JSON values."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from punie_train.core.retention import (
    LEAST_AGREEMENT,
    LEAST_COSINE,
    LEAST_SHARE,
    ReplyAgreement,
    Retention,
    SignalRetention,
)


def retention_json(retention: Retention, warnings: Sequence[str]) -> dict[str, Any]:
    """Return the content of retention.json; a measure that was not taken is null."""
    return {
        "schema": 1,
        "signal": _signal(retention.signal) if retention.signal else None,
        "replies": _replies(retention.replies) if retention.replies else None,
        "thresholds": {
            "share": LEAST_SHARE,
            "cosine": LEAST_COSINE,
            "agreement": LEAST_AGREEMENT,
        },
        "notes": list(retention.notes),
        "warnings": list(warnings),
    }


def retention_summary(retention: Retention) -> dict[str, float | int | None]:
    """Return what a manifest says of it: one number a measure, None where it was not taken."""
    signal, replies = retention.signal, retention.replies
    return {
        "share": signal.share if signal else None,
        "cosine": signal.cosine if signal else None,
        "same_replies": replies.same if replies else None,
        "probes": len(replies.replies) if replies else None,
    }


def _signal(signal: SignalRetention) -> dict[str, Any]:
    return {
        "share": signal.share,
        "cosine": signal.cosine,
        "strength": signal.strength,
        "sampled": signal.sampled,
        "unread": list(signal.unread),
        "layers": [asdict(layer) for layer in signal.layers],
    }


def _replies(replies: ReplyAgreement) -> dict[str, Any]:
    return {
        "reference": replies.reference,
        "same": replies.same,
        "probes": len(replies.replies),
        "changed_by_adapter": replies.telling,
        "changed_and_kept": replies.kept,
        "common_tokens": replies.common,
        "endless": replies.endless,
        "replies": [{**asdict(reply), "same": reply.same} for reply in replies.replies],
    }
