"""How much of an adapter is left, as lines of plain text and as warnings."""

from collections.abc import Iterator

from punie_train.core.retention import (
    LayerRetention,
    ReplyAgreement,
    Retention,
    SignalRetention,
)
from punie_train.reporting.numbers import kept, percent, plural, share
from punie_train.reporting.safe_text import one_line
from punie_train.reporting.text_table import aligned

WORST = 5
"""How many layers are shown."""

_HEAD = ("signal of the adapter kept", "share", "cosine", "effect/base")


def retention_lines(retention: Retention, *, width: int) -> list[str]:
    """Return a table with the worst layers, and what the replies say."""
    lines = _signal(retention.signal, width) if retention.signal else []
    if retention.replies:
        lines += [f"replies: {_replies(retention.replies)}"]
    return lines


def retention_warnings(retention: Retention, remedy: str) -> Iterator[str]:
    """Yield a sentence for each measure below its threshold, with the `remedy`."""
    signal, replies = retention.signal, retention.replies
    if signal and signal.erased:
        yield (
            f"only {percent(max(0.0, signal.share))} of the adapter's effect is left in the"
            " weights: rounding took the rest, and what it was trained for may be gone."
            f" {remedy}. [F53]"
        )
    elif signal and signal.drowned:
        yield (
            f"rounding noise is larger than the adapter's effect (cosine {kept(signal.cosine)}):"
            f" what it was trained for may be lost in it. {remedy}. [F53]"
        )
    if replies and replies.differs:
        yield (
            f"{share(replies.same, len(replies.replies))} replies are those of"
            f" {one_line(replies.reference)}{_of_those_changed(replies)}: measure the new model"
            f" before it is used, with pytest evals --candidate. {remedy}. [F53]"
        )
    if replies and replies.endless:
        yield (
            f"{plural(replies.endless, 'reply', 'replies')} no longer ended by itself: the model"
            f" may not stop. {remedy}. [F54]"
        )


def _signal(signal: SignalRetention, width: int) -> list[str]:
    total = LayerRetention(
        name=f"all {plural(len(signal.layers), 'matrix', 'matrices')}",
        share=signal.share,
        cosine=signal.cosine,
        strength=signal.strength,
    )
    shown = (total, *signal.worst(WORST))
    rows = [_HEAD, *((layer.name, *_cells(layer)) for layer in shown)]
    lines = aligned(rows, width=width)
    if signal.unread:
        names = ", ".join(one_line(name) for name in signal.unread[:3])
        lines.append(f"not compared: {plural(len(signal.unread), 'matrix', 'matrices')} ({names})")
    if signal.sampled:
        lines.append("(evenly spread rows of the largest matrices)")
    return lines


def _cells(layer: LayerRetention) -> tuple[str, str, str]:
    return kept(layer.share), kept(layer.cosine), percent(min(layer.strength, 1.0))


def _replies(replies: ReplyAgreement) -> str:
    count = len(replies.replies)
    said = f"{share(replies.same, count)} as {one_line(replies.reference)}"
    said += _of_those_changed(replies)
    ended = sum(reply.ended for reply in replies.replies)
    return f"{said}; {percent(replies.common)} of the tokens before a difference; {ended} ended"


def _of_those_changed(replies: ReplyAgreement) -> str:
    if not replies.replies or replies.replies[0].bare is None:
        return ""
    return f", {share(replies.kept, replies.telling)} where the adapter changes the reply"
