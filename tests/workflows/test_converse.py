"""A conversation is led by the script of its case, and ends in a reply or in words."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.completions import Completion
from punie_train.core.errors import RequestError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case, Expectation
from punie_train.workflows.converse import converse, unavailable


def call(path: str) -> str:
    """Return a call of read_file in the wire format."""
    return (
        "<tool_call>\n<function=read_file>\n<parameter=path>\n"
        f"{path}\n</parameter>\n</function>\n</tool_call>"
    )


class FakeClient:
    """Says its texts one after another and keeps what it was told."""

    def __init__(self, *texts: str, finish: str = "stop"):
        self.texts, self.finish = list(texts), finish
        self.told: list[tuple[Message, ...]] = []

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        self.told.append(tuple(messages))
        if not self.texts:
            await asyncio.Event().wait()
        text = self.texts.pop(0)
        return Completion(
            text=text,
            content=text,
            delivered=(),
            finish_reason=self.finish,
            prompt_tokens=1,
            completion_tokens=1,
            queue_seconds=0.0,
            generation_seconds=0.0,
        )


def case(results: Mapping[str, tuple[str, ...]], max_turns: int = 5) -> Case:
    """Return a case with scripted tool results."""
    return Case(
        id="x",
        suite="s",
        category="agent",
        messages=(Message(role="user", content="Read them"),),
        tools=AGENT_TOOLS,
        expect=Expectation(),
        results=MappingProxyType(dict(results)),
        max_turns=max_turns,
        path=Path("c.yaml"),
        line=1,
        content_hash="",
    )


def lead(client: FakeClient, asked: Case, deadline: float = 30.0) -> list[str]:
    """Return the texts of the conversation."""
    exchange = asyncio.run(converse(client, asked, Sampling(), deadline=deadline))
    return [turn.text for turn in exchange.turns]


ONE, TWO = {"read_file": ("first",)}, {"read_file": ("first", "second")}


@pytest.mark.parametrize(
    ("texts", "results", "max_turns", "expected"),
    [
        (("done",), ONE, 5, 1),
        ((call("a"), "done"), ONE, 5, 2),
        ((call("a"), call("b"), "done"), TWO, 5, 3),
        ((call("a"), call("b"), "never"), ONE, 5, 2),
        ((call("a"), call("b"), "never"), TWO, 2, 2),
        ((call("a"), "never"), {}, 5, 1),
        ((call("a") + call("b"), "never"), ONE, 5, 1),
        ((call("a") + call("b"), "done"), TWO, 5, 2),
        (("<tool_call>\n<function=read_file>\n<parameter=path>\na", "never"), ONE, 5, 1),
    ],
    ids=[
        "answer", "call-and-answer", "two-calls", "script-ends", "turns-end", "no-script",
        "one-result-for-two-calls", "parallel", "malformed",
    ],
)  # fmt: skip
def test_turns(
    texts: tuple[str, ...], results: dict[str, tuple[str, ...]], max_turns: int, expected: int
) -> None:
    """The loop goes on as long as every call has a scripted result."""
    client = FakeClient(*texts)
    assert lead(client, case(results, max_turns)) == list(texts[:expected])
    assert len(client.told) == expected


def test_results_follow_the_call_they_answer() -> None:
    """The model is told its own call and the result, in the order of a chat."""
    client = FakeClient(call("a"), "done")
    lead(client, case(ONE))
    user, own, result = client.told[1]
    assert (user.role, own.role, result.role) == ("user", "assistant", "tool")
    assert own.tool_calls[0].arguments == {"path": "a"}
    assert (result.name, result.content) == ("read_file", "first")


def test_reply_that_was_cut_off_ends_the_loop() -> None:
    """Nothing is answered to half a reply."""
    assert lead(FakeClient(call("a"), "never", finish="length"), case(ONE)) == [call("a")]


def test_missed_deadline_names_the_turn() -> None:
    """A hanging turn is a failed request (F05), not a short conversation."""
    with pytest.raises(RequestError, match=r"in turn 2.*F05"):
        lead(FakeClient(call("a")), case(ONE), deadline=0.05)


def test_unavailable_tells_the_end_of_the_log() -> None:
    """The reason holds the error and, where there is one, the log."""
    error = RequestError("no reply", "no result", "Look")
    assert unavailable(error).reason == "no reply: no result. Look."
    assert unavailable(error, "out of memory").reason.endswith("Look.\nout of memory")
