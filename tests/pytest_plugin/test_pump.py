"""The pump keeps order, limits, failures and ends apart."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import AttestationError, RequestError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.evals.case import Case, Expectation
from punie_train.pytest_plugin.pump import Pump
from punie_train.workflows.evaluate import Group, Job, Key

DEAD = AttestationError("adapter 'b' is not live", "no score is printed", "Train it again")


class FakeModel:
    """Answers with the case's own id after a moment, and counts what is in flight."""

    def __init__(self, name: str, *, start_error: Exception | None = None):
        self.attestation = Attestation(applied=Applied.YES, reason=f"{name} is live")
        self.name, self.start_error = name, start_error
        self.in_flight = self.most_in_flight = 0
        self.finished = self.closed = False
        self.asked: list[str] = []

    async def start(self) -> None:
        if self.start_error:
            raise self.start_error

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        self.asked.append(case.id)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0.002)
        self.in_flight -= 1
        if case.id == "broken":
            raise RequestError("the connection was reset", "no reply", "Run again")
        return Exchange(turns=(reply(f"{self.name}:{case.id}"),))

    async def complete(self, messages: object, tools: object, sampling: object) -> Completion:
        return reply(f"{self.name}:free")

    async def finish(self) -> None:
        self.finished = True

    async def close(self) -> None:
        self.closed = True


def reply(text: str) -> Completion:
    """Return a completion with a text."""
    return Completion(
        text=text,
        content=text,
        delivered=(),
        finish_reason="stop",
        prompt_tokens=1,
        completion_tokens=1,
        queue_seconds=0.0,
        generation_seconds=0.0,
    )


def case(name: str) -> Case:
    """Return a case with an id."""
    return Case(
        id=name,
        suite="s",
        category="general",
        messages=(Message(role="user", content="Hello"),),
        tools=(),
        expect=Expectation(no_call=True),
        path=Path("cases.yaml"),
        line=1,
        content_hash="",
    )


def group(name: str, *ids: str, held: bool = False) -> Group:
    """Return a group with one job per id."""
    jobs = tuple(Job(key=(name, "cases.yaml", each, 1), case=case(each)) for each in ids)
    return Group(name=name, jobs=jobs, held=held)


def key(name: str, each: str) -> Key:
    """Return the key of a job."""
    return (name, "cases.yaml", each, 1)


@pytest.fixture
def opened() -> Iterator[Callable[..., Pump]]:
    """Start pumps over fake models, and stop them at the end."""
    pumps = []

    def make(groups: list[Group], models: list[FakeModel], concurrency: int = 2) -> Pump:
        by_name = {model.name: model for model in models}
        pump = Pump(groups, by_name.__getitem__, sampling=Sampling(), concurrency=concurrency)
        pumps.append(pump)
        pump.start()
        return pump

    yield make
    for pump in pumps:
        pump.close(complete=False)


def test_every_job_gets_its_own_reply_under_the_limit(opened: Callable[..., Pump]) -> None:
    """Replies reach their own jobs, in item order, with no more in flight than allowed."""
    model, ids = FakeModel("a"), [f"case-{number}" for number in range(20)]
    pump = opened([group("a", *ids)], [model], concurrency=3)
    replies = [pump.reply(key("a", each)) for each in ids]
    texts = [each.turns[0].text for each in replies if isinstance(each, Exchange)]
    assert texts == [f"a:{each}" for each in ids]
    assert model.asked == ids
    assert model.most_in_flight == 3


def test_groups_follow_each_other_and_are_attested_at_the_end(opened: Callable[..., Pump]) -> None:
    """Each group ends with its attestation, a finished and a closed model."""
    models = [FakeModel("a"), FakeModel("b")]
    pump = opened([group("a", "x"), group("b", "x")], models)
    assert isinstance(pump.reply(key("b", "x")), Exchange)
    pump.close(complete=True)
    assert [end.attestation.reason for end in pump.ends.values()] == ["a is live", "b is live"]
    assert all(model.finished and model.closed for model in models)


def test_failed_request_is_unavailable_and_others_go_on(opened: Callable[..., Pump]) -> None:
    """One failed request costs its own case only."""
    pump = opened([group("a", "broken", "fine")], [FakeModel("a")])
    broken = pump.reply(key("a", "broken"))
    assert isinstance(broken, Unavailable)
    assert "connection was reset" in broken.reason
    assert isinstance(pump.reply(key("a", "fine")), Exchange)


def test_group_that_cannot_start_tells_its_own_items(opened: Callable[..., Pump]) -> None:
    """The error reaches the items of that group; the group before keeps its replies."""
    models = [FakeModel("a"), FakeModel("b", start_error=DEAD)]
    pump = opened([group("a", "x"), group("b", "x")], models)
    assert isinstance(pump.reply(key("a", "x")), Exchange)
    with pytest.raises(AttestationError, match="not live"):
        pump.reply(key("b", "x"))
    with pytest.raises(AttestationError, match="not live"):
        pump.model("b")
    assert models[1].closed


def test_held_model_answers_until_it_is_released(opened: Callable[..., Pump]) -> None:
    """A model with functions stays up after its last case, and ends after the release."""
    model = FakeModel("a")
    pump = opened([group("a", "x", held=True)], [model])
    assert isinstance(pump.reply(key("a", "x")), Exchange)
    live = pump.model("a")
    assert pump.call(live.complete((), (), Sampling())).result(5).text == "a:free"
    assert not model.closed
    pump.release("a")
    pump.close(complete=True)
    assert model.closed
    assert "a" in pump.ends


def test_stop_in_the_middle_closes_the_model(opened: Callable[..., Pump]) -> None:
    """A stopped pump leaves no model open and says nothing about how the group ended."""
    model = FakeModel("a")
    pump = opened([group("a", *(f"case-{number}" for number in range(5000)))], [model])
    pump.reply(key("a", "case-0"))
    pump.close(complete=False)
    assert model.closed
    assert pump.ends == {}
