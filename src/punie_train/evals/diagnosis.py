"""Does a model emit the call format that its training data taught? (the format diagnostic)"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.replies import parse_turns
from punie_train.toolcalls.parse import parse
from punie_train.toolcalls.parsed import WireFormat

ITERATIONS, RANK, LEARNING_RATE = 100, 16, 1e-5
"""What a run is taken to have used where its manifest does not say."""


class Finding(StrEnum):
    """What is wrong with a reply, the worst first; `RIGHT` is nothing."""

    NO_CALL = "no call"
    UNREADABLE = "a call that cannot be read"
    OTHER_FORMAT = "another format than taught"
    NOT_STRICT = "the taught format, not to the letter"
    NOT_DELIVERED = "not delivered by the server"
    RIGHT = "as taught"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReply:
    """One reply: what was asked, what came, and what is wrong with it.

    `delivered` says whether the server handed over every call; None when there is none to hand
    over, or when the server hides its raw text.
    """

    prompt: str
    reply: str
    format: WireFormat
    strict: bool | None
    calls: tuple[ToolCall, ...]
    malformed: tuple[str, ...]
    delivered: bool | None
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All replies, the format that the data taught and the one that the template teaches.

    `right` counts replies as taught. `remedies` come in the order in which to try them.
    """

    taught: WireFormat
    template: WireFormat
    replies: tuple[ProbeReply, ...]
    remedies: tuple[str, ...]

    @property
    def right(self) -> int:
        """Return how many replies are as taught."""
        return sum(reply.finding is Finding.RIGHT for reply in self.replies)

    @property
    def healthy(self) -> bool:
        """Say whether every reply is as taught, and the template teaches the same."""
        return self.taught is self.template and self.right == len(self.replies)


def taught_format(texts: Sequence[str], tools: Sequence[ToolSpec]) -> WireFormat | None:
    """Return the most frequent format of the calls inside of texts that data teaches, or None."""
    seen = Counter(found.format for text in texts for found in parse(text, tools).calls)
    return seen.most_common(1)[0][0] if seen else None


def judge_reply(
    prompt: str, completion: Completion, tools: Sequence[ToolSpec], taught: WireFormat
) -> ProbeReply:
    """Return what one reply to a prompt that asks for a call shows."""
    turns = parse_turns((completion,), tools, taught)
    return ProbeReply(
        prompt=prompt,
        reply=completion.text,
        format=turns.format,
        strict=turns.strict,
        calls=turns.tool_calls,
        malformed=turns.malformed,
        delivered=turns.delivered,
        finding=_finding(
            malformed=bool(turns.malformed),
            calls=bool(turns.calls),
            same=turns.format is taught or turns.strict is None,
            strict=turns.strict is not False,
            delivered=turns.delivered is not False,
        ),
    )


def diagnose(
    replies: Sequence[ProbeReply],
    *,
    taught: WireFormat,
    template: WireFormat,
    parameters: Mapping[str, Any] | None,
    rows: int | None,
) -> Diagnosis:
    """Return the diagnosis; `parameters` are the run's as asked for, None for the bare model.

    `rows` is the size of the training split, None where it is not known.
    """
    found = {reply.finding for reply in replies}
    remedies: list[str] = []
    if taught is not template:
        remedies.append(
            f"The data teaches {taught} and the model's template {template}: convert the data, "
            "so that training, serving and evaluation share one format"
        )
    elif Finding.NOT_DELIVERED in found:
        remedies.append(
            "The server does not hand over what the model writes: look at the raw reply and the "
            "server's log, and use a format that its parser reads"
        )
    if found & {Finding.NO_CALL, Finding.UNREADABLE, Finding.OTHER_FORMAT, Finding.NOT_STRICT}:
        remedies += _training_remedies(parameters, rows)
    return Diagnosis(
        taught=taught, template=template, replies=tuple(replies), remedies=tuple(remedies)
    )


def _finding(*, malformed: bool, calls: bool, same: bool, strict: bool, delivered: bool) -> Finding:
    if malformed:
        return Finding.UNREADABLE
    if not calls:
        return Finding.NO_CALL
    if not same:
        return Finding.OTHER_FORMAT
    if not strict:
        return Finding.NOT_STRICT
    return Finding.RIGHT if delivered else Finding.NOT_DELIVERED


def _training_remedies(parameters: Mapping[str, Any] | None, rows: int | None) -> list[str]:
    if parameters is None:
        return ["Train an adapter on the format: punie-train run DATA --output DIR"]
    rank = parameters.get("lora_rank") or RANK
    iterations = parameters.get("iters") or ITERATIONS
    rate = parameters.get("learning_rate") or LEARNING_RATE
    examples = f" (now {rows:,})" if rows else ""
    return [
        f"Raise the rank from {rank} to {2 * rank}: --lora-rank {2 * rank}",
        f"Train longer, {iterations} to {2 * iterations} iterations: --iters {2 * iterations}",
        f"Add examples of the format that fails{examples}",
        f"Raise the learning rate from {rate:g} to {2 * rate:g}: --learning-rate {2 * rate:g}",
    ]
