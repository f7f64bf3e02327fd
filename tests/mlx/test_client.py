"""The client against a failing server: what is repeated, what is given up, in which words."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.mlx import client as client_module
from punie_train.mlx.client import ChatClient
from punie_train.mlx.unanswered import UnansweredError
from punie_train.mlx.wire import PARSER_OFF
from punie_train.processes.ports import free_port

PROMPT = (Message(role="user", content="Hi"),)
Serve = Callable[..., Any]


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat requests at once."""
    monkeypatch.setattr(client_module, "BACKOFF_SECONDS", (0.0, 0.0, 0.0))


def decode(token_ids: Sequence[int]) -> str:
    """Turn code points into text."""
    return "".join(map(chr, token_ids))


@pytest.mark.parametrize(
    ("faults", "requests"),
    [
        pytest.param(["ok"], 1, id="healthy"),
        pytest.param(["reset", "ok"], 2, id="reset once"),
        pytest.param(["reset", "reset", "reset", "ok"], 4, id="reset three times"),
        pytest.param(["close", "ok"], 2, id="closed once"),
    ],
)
@pytest.mark.asyncio
async def test_lost_connection_is_repeated(
    scripted_server: Serve, faults: list[str], requests: int
) -> None:
    """A connection that ends before any byte of reply costs nothing but a repetition (F66)."""
    async with (
        scripted_server(*faults) as server,
        ChatClient(server.url, decode=decode) as client,
    ):
        reply = await client.complete(PROMPT, (), Sampling())
    assert (reply.text, reply.recovered) == ("Hello", True)
    assert len(server.bodies) == requests
    assert reply.generation_seconds > 0
    assert reply.queue_seconds >= 0


@pytest.mark.parametrize(
    ("faults", "kind", "status", "failure", "requests"),
    [
        pytest.param(["reset"], "reset", None, "F66", 4, id="reset always"),
        pytest.param([404], "status", 404, "F03", 1, id="404"),
        pytest.param(["dead"], "status", 404, "F04", 1, id="generation thread is dead"),
        pytest.param([500], "status", 500, None, 1, id="500"),
        pytest.param(["hang"], "timeout", None, "F05", 1, id="hang"),
        pytest.param(["truncate"], "bad-reply", None, None, 1, id="truncated body"),
        pytest.param(["garbage"], "bad-reply", None, None, 1, id="not JSON"),
        pytest.param(["odd"], "bad-reply", None, None, 1, id="not a completion"),
    ],
)
@pytest.mark.asyncio
async def test_faults_of_the_server_are_errors(
    *,
    scripted_server: Serve,
    faults: list[str | int],
    kind: str,
    status: int | None,
    failure: str | None,
    requests: int,
) -> None:
    """What cannot be helped is an error with its kind, and is asked for no more than needed."""
    async with (
        scripted_server(*faults) as server,
        ChatClient(server.url, decode=decode, timeout=0.5 if kind == "timeout" else 30) as client,
    ):
        with pytest.raises(UnansweredError) as caught:
            await client.complete(PROMPT, (), Sampling())
    error = caught.value
    assert (error.kind, error.http_status, error.failure) == (kind, status, failure)
    assert len(server.bodies) == requests


@pytest.mark.asyncio
async def test_nobody_listens() -> None:
    """A port without a server refuses, and the message says what to look at."""
    url = f"http://127.0.0.1:{free_port('127.0.0.1')}"
    async with ChatClient(url, decode=None) as client:
        with pytest.raises(UnansweredError, match="refuses connections") as caught:
            await client.complete(PROMPT, (), Sampling())
        with pytest.raises(UnansweredError, match="lists no models"):
            await client.models()
    assert caught.value.kind == "refused"


@pytest.mark.parametrize(
    ("temperature", "managed", "parsing"),
    [
        pytest.param(0.0, True, [True, True, False], id="greedy: ask again, then raw"),
        pytest.param(0.7, True, [True, False], id="drawn: raw at once"),
        pytest.param(0.0, False, [True, True, True], id="not ours: never raw"),
    ],
)
@pytest.mark.asyncio
async def test_crashed_parser_leads_to_the_raw_path(
    scripted_server: Serve, temperature: float, managed: bool, parsing: list[bool]
) -> None:
    """A server that closes in order has crashed on the call: the parser is taken out (F08)."""
    faults = ["close"] * (len(parsing) - 1) + ["ok"]
    async with (
        scripted_server(*faults) as server,
        ChatClient(server.url, decode=decode if managed else None) as client,
    ):
        await client.complete(PROMPT, (), Sampling(temperature=temperature))
    assert [PARSER_OFF not in body.get("stop", ()) for body in server.bodies] == parsing


@pytest.mark.asyncio
async def test_slots_limit_what_is_in_flight(scripted_server: Serve) -> None:
    """Never more connections are open than there are slots, and waiting counts as queueing."""
    async with (
        scripted_server("ok") as server,
        ChatClient(server.url + "/v1/", decode=decode, max_connections=2) as client,
    ):
        replies = await asyncio.gather(
            *(client.complete(PROMPT, (), Sampling()) for _ in range(10))
        )
    assert server.most_open <= 2
    assert len(server.bodies) == len(replies) == 10
    assert max(reply.queue_seconds for reply in replies) > 0


@pytest.mark.asyncio
async def test_cancelled_request_lets_others_connect(scripted_server: Serve) -> None:
    """A request that is given up while it connects does not keep the next one waiting."""
    async with (
        scripted_server("ok") as server,
        ChatClient(server.url, decode=decode) as client,
    ):
        task = asyncio.create_task(client.complete(PROMPT, (), Sampling()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.complete(PROMPT, (), Sampling())).text == "Hello"


@pytest.mark.asyncio
async def test_model_and_seed_are_sent_when_given(scripted_server: Serve) -> None:
    """A model's name and a seed go out only when somebody asked for them."""
    async with scripted_server("ok") as server:
        async with ChatClient(server.url, decode=None) as client:
            await client.complete(PROMPT, (), Sampling())
        async with ChatClient(server.url, decode=None, model="m") as client:
            await client.complete(PROMPT, (), Sampling(), seed=3)
    assert not {"model", "seed"} & server.bodies[0].keys()
    assert (server.bodies[1]["model"], server.bodies[1]["seed"]) == ("m", 3)


@pytest.mark.asyncio
async def test_closed_client_refuses(scripted_server: Serve) -> None:
    """A request that meets a client closed by somebody else has no reply; it is no crash."""
    async with scripted_server("ok") as server:
        client = ChatClient(server.url, decode=decode)
        async with client:
            assert (await client.complete(PROMPT, (), Sampling())).text == "Hello"
        with pytest.raises(UnansweredError) as caught:
            await client.complete(PROMPT, (), Sampling())
    assert caught.value.kind == "refused"


@pytest.mark.asyncio
async def test_empty_list_of_models(scripted_server: Serve) -> None:
    """An empty reply lists no models: mlx-lm sends it on a machine without a hub cache."""
    async with (
        scripted_server("empty") as server,
        ChatClient(server.url, decode=None) as client,
    ):
        assert await client.models() == ()


@pytest.mark.asyncio
async def test_list_of_models_that_is_none(scripted_server: Serve) -> None:
    """A reply to the question for models that is something else is an error."""
    async with (
        scripted_server(404) as server,
        ChatClient(server.url, decode=None) as client,
    ):
        with pytest.raises(UnansweredError) as caught:
            await client.models()
    assert caught.value.http_status == 404
