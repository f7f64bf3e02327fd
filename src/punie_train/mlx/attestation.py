"""Was the adapter live? A canary tells: fixed prompts, alone, greedy, with log-probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec

PROMPTS = (
    "Show me the file notes/today.md.",
    "How many type errors does src/app.py have?",
    "What is the difference between a list and a tuple?",
    "zq 7 ~ kappa:: violet, 19 % of (owl) and then",
    "9 4 1 7 7 0 2 5",
    "Tell me a story about a lighthouse and a fox.",
    "¿Dónde está la biblioteca? Réponds en français.",
)
"""The last four are strange on purpose: a model that is sure of every token shows no shift.

A 16-bit model's log-probabilities come rounded: to 1/16 and more where it is nearly sure.
"""
TOKENS = 8
NOISE_FACTOR = 10.0
LEAST_SHIFT = 1e-4


class Completer(Protocol):
    """Whatever completes a chat: a client, or a fake of one."""

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Return the reply to `messages`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryReply:
    """The reply to one prompt: token ids and the natural logarithm of each one's probability."""

    token_ids: tuple[int, ...]
    logprobs: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """The replies to all canary prompts, in order."""

    replies: tuple[CanaryReply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far two canaries are apart.

    `shift` is the largest change of a log-probability, up to and including the first token that is
    not the same: two tokens that are nearly tied can change places by noise alone.
    """

    same_tokens: bool
    shift: float

    def exceeds(self, noise: float) -> bool:
        """Return whether this is more than two replies of one model differ by."""
        flipped = not self.same_tokens and noise == 0.0
        return flipped or self.shift > max(NOISE_FACTOR * noise, LEAST_SHIFT)


async def take_canary(client: Completer) -> Canary:
    """Ask the canary prompts one after another; raises RequestError when a reply is missing.

    The server must be idle: in a batch the same request gives other last digits.
    """
    replies = []
    for prompt in PROMPTS:
        completion = await client.complete(
            (Message(role="user", content=prompt),), AGENT_TOOLS, Sampling(max_tokens=TOKENS)
        )
        replies.append(CanaryReply(token_ids=completion.token_ids, logprobs=completion.logprobs))
    return Canary(replies=tuple(replies))


def difference(one: Canary, other: Canary) -> Difference:
    """Compare two canaries of the same prompts."""
    same, shift = True, 0.0
    for mine, theirs in zip(one.replies, other.replies, strict=True):
        same = same and mine.token_ids == theirs.token_ids
        for left, right, a, b in zip(
            mine.token_ids, theirs.token_ids, mine.logprobs, theirs.logprobs, strict=False
        ):
            shift = max(shift, abs(a - b))
            if left != right:
                break
    return Difference(same_tokens=same, shift=shift)


def noise_between(first: Canary, second: Canary) -> float:
    """Return the shift between two canaries of one server."""
    return difference(first, second).shift


def attest(adapter: Canary, base: Canary, noise: float) -> Attestation:
    """Judge whether `adapter` is the reply of another model than `base`.

    `noise` is the shift between two canaries of the base. Without token ids and log-probabilities
    the verdict is `unverified`.
    """
    if not (_has_evidence(adapter) and _has_evidence(base)):
        return Attestation(
            applied=Applied.UNVERIFIED, reason="the server sends no token ids to compare"
        )
    apart = difference(adapter, base)
    if not apart.exceeds(noise):
        applied = Applied.NO
        reason = f"the canary equals the base model's: shift {apart.shift:.3g}, noise {noise:.3g}"
    elif apart.same_tokens:
        applied = Applied.YES
        reason = f"the canary's log-probabilities moved by {apart.shift:.3g}, noise {noise:.3g}"
    else:
        applied, reason = Applied.YES, "the canary's tokens differ from the base model's"
    return Attestation(applied=applied, reason=reason, shift=apart.shift, noise=noise)


def same_server(start: Canary, end: Canary, noise: float) -> bool:
    """Return whether the server at the end answers as the one at the start did."""
    return not difference(start, end).exceeds(noise)


def _has_evidence(canary: Canary) -> bool:
    return bool(canary.replies) and all(
        reply.token_ids and reply.logprobs for reply in canary.replies
    )
