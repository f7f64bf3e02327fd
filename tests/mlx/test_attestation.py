"""Canaries compared: live, not live, unknown."""

from collections.abc import Sequence

import pytest

from punie_train.core.attestations import Applied
from punie_train.core.completions import Completion
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.mlx.attestation import (
    PROMPTS,
    Canary,
    CanaryReply,
    attest,
    noise_between,
    same_server,
    take_canary,
)


def _canary(*logprobs: float, tokens: tuple[int, ...] | None = None) -> Canary:
    ids = tuple(range(len(logprobs))) if tokens is None else tokens
    return Canary(replies=(CanaryReply(token_ids=ids, logprobs=logprobs),))


BASE = _canary(-1.0, -2.0, -3.0)
FLIPPED = _canary(-1.0, -2.0, -9.0, tokens=(0, 7, 8))
TRUTHS = [
    pytest.param(BASE, 0.0, False, id="equal"),
    pytest.param(_canary(-1.0, -2.00005, -3.0), 0.0, False, id="last digits"),
    pytest.param(_canary(-1.0, -2.01, -3.0), 0.0, True, id="shifted"),
    pytest.param(_canary(-1.0, -2.01, -3.0), 0.005, False, id="shifted within noise"),
    pytest.param(_canary(-1.0, -2.5, -3.0), 0.005, True, id="shifted beyond noise"),
    pytest.param(FLIPPED, 0.0, True, id="other tokens"),
    pytest.param(FLIPPED, 0.005, False, id="a tie flipped by noise"),
    pytest.param(_canary(-1.0, -2.0), 0.0, True, id="shorter"),
]


@pytest.mark.parametrize(("canary", "noise", "differs"), TRUTHS)
def test_adapter_is_applied_when_the_canary_moved(
    canary: Canary, noise: float, differs: bool
) -> None:
    """The adapter counts as applied when it moved the canary by more than noise does (F01, F02)."""
    verdict = attest(canary, BASE, noise)
    assert verdict.applied is (Applied.YES if differs else Applied.NO)
    assert verdict.noise == noise
    assert verdict.shift is not None
    assert verdict.reason


@pytest.mark.parametrize(("canary", "noise", "differs"), TRUTHS)
def test_server_is_the_same_when_the_canary_did_not_move(
    canary: Canary, noise: float, differs: bool
) -> None:
    """The same yardstick tells a changed server at the end of a run (F04)."""
    assert same_server(BASE, canary, noise) is not differs


@pytest.mark.parametrize(
    "canary",
    [Canary(replies=()), _canary(), _canary(-1.0, tokens=())],
    ids=["no replies", "empty reply", "no token ids"],
)
def test_no_evidence_is_no_verdict(canary: Canary) -> None:
    """A server that sends nothing to compare leaves the question open."""
    assert attest(canary, BASE, 0.0).applied is Applied.UNVERIFIED
    assert attest(BASE, canary, 0.0).applied is Applied.UNVERIFIED


def test_noise_is_the_largest_shift() -> None:
    """Noise is what two canaries of one server differ by."""
    assert noise_between(BASE, BASE) == 0.0
    assert noise_between(BASE, _canary(-1.0, -2.25, -3.125)) == 0.25


class EchoClient:
    """A client that answers with the prompt's length and remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, Sampling]] = []

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Return one token."""
        self.asked.append((messages[0].content, len(tools), sampling))
        return Completion(
            text="",
            content=None,
            delivered=(),
            finish_reason="length",
            prompt_tokens=1,
            completion_tokens=1,
            queue_seconds=0.0,
            generation_seconds=0.0,
            token_ids=(len(messages[0].content),),
            logprobs=(-0.5,),
        )


@pytest.mark.asyncio
async def test_canary_asks_the_fixed_prompts() -> None:
    """Each prompt is asked once, greedily, with the agent's tools, for a few tokens."""
    client = EchoClient()
    canary = await take_canary(client)
    assert [prompt for prompt, _, _ in client.asked] == list(PROMPTS)
    assert all(tools for _, tools, _ in client.asked)
    assert {sampling for _, _, sampling in client.asked} == {Sampling(max_tokens=8)}
    assert [reply.token_ids for reply in canary.replies] == [(len(text),) for text in PROMPTS]
