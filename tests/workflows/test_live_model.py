"""A live model is attested, started again once, and never answers from a server that is gone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.attestations import Applied
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import AttestationError, RequestError, ServerError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.evals.case import Case, Expectation
from punie_train.mlx import base_canary
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows import live_model
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.live_model import LiveModel

DIES, FAILS = "dies", "fails"


@dataclass(slots=True)
class World:
    """What the fake servers do: the weights of each start, and when a prompt brings one down."""

    weights: list[float | None]
    started: list["FakeServer"] = field(default_factory=list)
    slow: asyncio.Event = field(default_factory=asyncio.Event)
    opening: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared by a test: until it is set no further server comes up."""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class FakeServer:
    """A server that is up as long as nobody asks it to die."""

    world: World
    weights: float = 0.0
    alive: bool = False
    base_url: str = "fake"

    async def __aenter__(self) -> "FakeServer":
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    async def start(self) -> None:
        if self.world.started:
            await self.world.opening.wait()
        weights = self.world.weights.pop(0)
        if weights is None:
            raise ServerError("it ended", "nothing can be asked", "Read the log")
        self.weights, self.alive = weights, True
        self.world.started.append(self)

    async def stop(self) -> None:
        self.alive = False
        self.world.stopping.set()

    async def health(self) -> None:
        if not self.alive:
            raise ServerError("it is dead", "no reply", "Read the log")

    async def pulse(self) -> None:
        await self.health()


@dataclass(slots=True)
class FakeClient:
    """A client of the server that was started last; it cannot ask once it is closed."""

    world: World
    closed: bool = False

    async def __aenter__(self) -> "FakeClient":
        return self

    async def __aexit__(self, *error: object) -> None:
        self.closed = True

    async def complete(
        self, messages: Sequence[Message], tools: object, sampling: object
    ) -> Completion:
        server, text = self.world.started[-1], messages[-1].content
        if text == "slow":
            await self.world.slow.wait()
        if (text == DIES and len(self.world.started) < 2) or text == "dies always":
            server.alive = False
        if self.closed or not server.alive or text == FAILS:
            raise RequestError("no reply", "the case has no result", "Look at the log")
        return Completion(
            text="fine", content="fine", delivered=(), finish_reason="stop", prompt_tokens=1,
            completion_tokens=1, queue_seconds=0.0, generation_seconds=0.0,
            token_ids=(1, 2), logprobs=(server.weights, -0.5),
        )  # fmt: skip


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """Put fakes where the server and the client are, and the canaries into the test."""
    made = World(weights=[])
    made.opening.set()
    for module in (live_model, base_canary):
        monkeypatch.setattr(module, "ManagedServer", lambda *_, **__: FakeServer(made))
        monkeypatch.setattr(module, "ChatClient", lambda *_, **__: FakeClient(made))
    monkeypatch.setattr(live_model, "token_decoder", lambda _: None)
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))
    return made


def live(world: World, *weights: float | None, adapter: str | None = None) -> LiveModel:
    """Return a model whose servers have these weights, one after the other; None does not start."""
    world.weights[:] = weights
    candidate = Candidate(
        name=adapter or "base", model_name="m", model=Path("m"),
        adapter=Path(adapter) if adapter else None, base_fingerprint="f",
        adapter_fingerprint=None, template="t", trained=WireFormat.QWEN3_CODER_XML,
    )  # fmt: skip
    options: dict[str, Any] = {}
    return LiveModel(
        candidate, server_options=options, log_path=Path("absent.log"), timeout=5, concurrency=4
    )


def case(prompt: str) -> Case:
    """Return a case with one prompt."""
    return Case(
        id="x", suite="s", category="general", messages=(Message(role="user", content=prompt),),
        tools=(), expect=Expectation(no_call=True), path=Path("c.yaml"), line=1, content_hash="",
    )  # fmt: skip


def ask(model: LiveModel, *prompts: str) -> list[Exchange | Unavailable]:
    """Start the model, ask the prompts one after another, finish and close."""

    async def all_of_it() -> list[Exchange | Unavailable]:
        await model.start()
        replies = [await model.exchange(case(prompt), Sampling()) for prompt in prompts]
        await model.finish()
        await model.close()
        return replies

    return asyncio.run(all_of_it())


def test_bare_model_needs_no_attestation(world: World) -> None:
    """It answers, its canary is kept for the adapters, and its server is stopped."""
    model = live(world, -0.1)
    (reply,) = ask(model, "hello")
    assert isinstance(reply, Exchange)
    assert model.attestation.applied is Applied.NOT_APPLICABLE
    assert [server.alive for server in world.started] == [False]


def test_live_adapter_is_attested(world: World) -> None:
    """Its canary differs from the bare model's, for which a server was started once."""
    model = live(world, -0.1, -0.2, adapter="v1")
    ask(model, "hello")
    assert model.attestation.applied is Applied.YES
    again = live(world, -0.3, adapter="v2")
    ask(again, "hello")
    assert again.attestation.applied is Applied.YES
    assert len(world.started) == 3


def test_adapter_that_answers_as_the_base_is_refused(world: World) -> None:
    """Equal canaries end it before any case, by name (F02)."""
    model = live(world, -0.1, -0.1, adapter="v1")
    with pytest.raises(AttestationError, match=r"not live .*F02"):
        ask(model, "hello")


def test_failed_request_of_a_healthy_server_is_unavailable(world: World) -> None:
    """Only that case has no reply, and nothing is started again."""
    failed, fine = ask(live(world, -0.1), FAILS, "hello")
    assert isinstance(failed, Unavailable)
    assert isinstance(fine, Exchange)
    assert len(world.started) == 1


def test_dead_server_is_started_again_once(world: World) -> None:
    """The case that found it dead gets its reply from the new one."""
    model = live(world, -0.1, -0.1)
    replies = ask(model, "hello", DIES, "hello")
    assert all(isinstance(reply, Exchange) for reply in replies)
    assert model.attestation.applied is Applied.NOT_APPLICABLE
    assert len(world.started) == 2


@pytest.mark.parametrize(
    ("second", "prompt", "words"),
    [
        (-0.1, "dies always", "died again"),
        (-0.9, DIES, "not the one before"),
        (None, DIES, "did not start again"),
    ],
    ids=["dies-again", "other-weights", "no-start"],
)
def test_lost_server_leaves_the_rest_unavailable(
    world: World, second: float | None, prompt: str, words: str
) -> None:
    """Each further case says why, and the attestation is withdrawn."""
    model = live(world, -0.1, second)
    replies = ask(model, "hello", prompt, "hello")
    assert isinstance(replies[0], Exchange)
    for reply in replies[1:]:
        assert isinstance(reply, Unavailable)
        assert words in reply.reason
    assert words in model.attestation.reason
    assert model.attestation.applied is Applied.NO


def test_all_who_asked_during_a_restart_get_replies(world: World) -> None:
    """Neither a request under way when the server is given up nor a new one is lost."""

    async def busy() -> list[Exchange | Unavailable]:
        model = live(world, -0.1, -0.1)
        await model.start()
        world.opening.clear()
        under_way = asyncio.create_task(model.exchange(case("slow"), Sampling()))
        finds_it_dead = asyncio.create_task(model.exchange(case(DIES), Sampling()))
        await world.stopping.wait()
        comes_later = asyncio.create_task(model.exchange(case("hello"), Sampling()))
        world.slow.set()
        for _ in range(10):
            await asyncio.sleep(0)
        world.opening.set()
        return list(await asyncio.gather(under_way, finds_it_dead, comes_later))

    assert all(isinstance(reply, Exchange) for reply in asyncio.run(busy()))
    assert len(world.started) == 2


def test_function_is_answered_after_a_restart_and_refused_without(world: World) -> None:
    """A free-form request waits for the new server; without one it is unavailable, not failed."""

    async def request(*weights: float | None) -> Completion:
        world.started.clear()
        model = live(world, *weights)
        await model.start()
        return await model.complete((Message(role="user", content=DIES),), (), Sampling())

    assert asyncio.run(request(-0.1, -0.1)).text == "fine"
    with pytest.raises(RequestError, match="did not start again"):
        asyncio.run(request(-0.1, None))


def test_question_before_the_start_is_refused(world: World) -> None:
    """A model that never started says so, and can be closed."""

    async def early() -> Exchange | Unavailable:
        model = live(world, -0.1)
        reply = await model.exchange(case("hello"), Sampling())
        await model.finish()
        await model.close()
        return reply

    reply = asyncio.run(early())
    assert isinstance(reply, Unavailable)
    assert "is not running" in reply.reason


def test_living_server_is_left_alone(world: World) -> None:
    """Looking after it changes nothing."""

    async def look() -> LiveModel:
        model = live(world, -0.1)
        await model.start()
        await model.pulse()
        await model.revive()
        return model

    untouched = asyncio.run(look())
    assert untouched.restarts == 0
    assert "again" not in untouched.attestation.reason
    assert len(world.started) == 1


def test_dead_server_is_revived_once_for_all_who_ask(world: World) -> None:
    """Two who find it dead start one; who asks for its URL meanwhile gets that of the new one."""

    async def look() -> tuple[int, str, str]:
        model = live(world, -0.1, -0.1)
        await model.start()
        world.started[0].alive = False
        with pytest.raises(ServerError, match="it is dead"):
            await model.pulse()
        world.opening.clear()
        finders = [asyncio.create_task(model.revive()) for _ in range(2)]
        await world.stopping.wait()
        waiting = asyncio.create_task(model.url())
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        with pytest.raises(ServerError, match="is not running"):
            await model.pulse()
        world.started[0].base_url = "old"
        world.opening.set()
        await asyncio.gather(*finders)
        return model.restarts, await waiting, model.attestation.reason

    restarts, url, reason = asyncio.run(look())
    assert (restarts, url) == (1, "fake")
    assert "died in the middle, was started again" in reason
    assert len(world.started) == 2


def test_server_that_dies_twice_is_lost(world: World) -> None:
    """It is said by everything that would need it."""

    async def look() -> None:
        model = live(world, -0.1, -0.1)
        await model.start()
        world.started[0].alive = False
        await model.revive()
        world.started[1].alive = False
        for ask_it in (model.revive, model.revive, model.pulse, model.url):
            with pytest.raises(ServerError, match="died again"):
                await ask_it()

    asyncio.run(look())
