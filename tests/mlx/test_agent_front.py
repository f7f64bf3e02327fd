"""The door before the model server: bytes pass as they come, failures are told as failures."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field

import httpx
import pytest

from punie_train.core.errors import ServerError
from punie_train.mlx.agent_front import AgentFront
from punie_train.mlx.front_server import listening
from punie_train.processes.ports import bound, free_port

ASK = "/v1/chat/completions"
BODY = {"model": "gpt-4", "messages": []}
STREAM = b"HTTP/1.0 200 OK\r\nContent-type: text/event-stream\r\nServer: BaseHTTP/0.6\r\n\r\n"
DONE = b"data: [DONE]\n\n"
Play = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class Upstream:
    """A server that plays what a test wants; `address` may point to nobody."""

    address: str = ""
    heads: list[bytes] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)
    revived: int = 0
    on_revive: Callable[[], None] = lambda: None
    sick: bool = False

    async def url(self) -> str:
        if self.sick:
            raise ServerError("it is lost (secret path)", "no reply", "read the log")
        return self.address

    async def pulse(self) -> None:
        await self.url()

    async def revive(self) -> None:
        self.revived += 1
        self.on_revive()


@asynccontextmanager
async def door(
    play: Play, **options: tuple[str, ...]
) -> AsyncGenerator[tuple[Upstream, httpx.AsyncClient]]:
    """Open a door to a server that plays, and a client before it."""
    upstream = Upstream()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        upstream.heads.append(head.lower())
        sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
        if body := await reader.readexactly(int(sizes[0].split(b":")[1]) if sizes else 0):
            upstream.bodies.append(json.loads(body))
        try:
            await play(writer)
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    upstream.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    front = AgentFront(upstream, name="v9", about={"adapter": "a"}, **options)
    with closing(bound("127.0.0.1", 0)) as place:
        url = f"http://127.0.0.1:{place.getsockname()[1]}"
        async with server, listening(front, place), httpx.AsyncClient(base_url=url) as client:
            yield upstream, client
    await front.close()


def plays(*pieces: bytes) -> Play:
    """Return a server that writes pieces and closes."""

    async def play(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return play


@pytest.mark.asyncio
async def test_a_stream_comes_as_it_is_written() -> None:
    """The first piece is there before the second is written, and every byte is as it was."""
    go_on = asyncio.Event()
    first, second = b': keepalive 1/2\n\ndata: {"a": 1}\n\n', b'data: {"b": \xff}\n\n' + DONE

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM + first)
        await writer.drain()
        await go_on.wait()
        writer.write(second)

    async with door(play) as (upstream, client), client.stream("POST", ASK, json=BODY) as reply:
        pieces = reply.aiter_raw()
        assert await anext(pieces) == first
        go_on.set()
        assert b"".join([piece async for piece in pieces]) == second
    assert reply.headers["content-type"] == "text/event-stream"
    assert "server" not in reply.headers
    assert upstream.bodies == [{"messages": [], "model": "default_model"}]


@pytest.mark.asyncio
async def test_a_stream_that_breaks_off_ends_in_an_error() -> None:
    """An agent would otherwise take half a reply for a whole one."""
    async with door(plays(STREAM + b"data: {}\n\n")) as (_, client):
        reply = await client.post(ASK, json=BODY)
    begin, error = reply.content.split(b"data: ")[1:]
    assert begin == b"{}\n\n"
    assert "without a complete reply" in json.loads(error)["error"]["message"]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n{", id="half"),
    ],
)
@pytest.mark.asyncio
async def test_a_reply_that_breaks_off_is_an_error(answer: bytes) -> None:
    """Status 502, in OpenAI's form; and a whole reply passes."""
    async with door(plays(answer)) as (_, client):
        reply = await client.post(ASK, json=BODY)
    assert reply.status_code == 502
    assert reply.json()["error"]["type"] == "server_error"
    async with door(plays(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as (_, client):
        assert (await client.post(ASK, json=BODY)).json() == {}


@pytest.mark.parametrize("status", [400, 404, 503])
@pytest.mark.asyncio
async def test_errors_of_the_server_are_passed_on(status: int) -> None:
    """Status, type and words are its own."""
    words = b'{"error": "top_p must be at most 1"}'
    head = f"HTTP/1.0 {status} No\r\nContent-type: application/json\r\nX-Own: 1\r\n\r\n".encode()
    async with door(plays(head + words)) as (_, client):
        reply = await client.post(ASK, json=BODY)
    assert (reply.status_code, reply.content) == (status, words)
    assert reply.headers["x-own"] == "1"


@pytest.mark.asyncio
async def test_keys_stay_here() -> None:
    """The server is asked what it can read, without the query that it would not understand."""
    async with door(plays(b"HTTP/1.0 200 OK\r\n\r\n{}")) as (upstream, client):
        await client.post(
            ASK + "?api-version=1", json=BODY, headers={"Authorization": "Bearer s3cret"}
        )
    assert b"s3cret" not in upstream.heads[0]
    assert upstream.heads[0].startswith(b"post /v1/chat/completions http")
    assert b"content-type: application/json" in upstream.heads[0]


@pytest.mark.asyncio
async def test_a_body_in_pieces_arrives_whole() -> None:
    """mlx-lm's server wants to know its length, which such a request does not say."""

    async def pieces() -> AsyncGenerator[bytes]:
        yield b'{"messages": '
        yield b"[]}"

    async with door(plays(b"HTTP/1.0 200 OK\r\n\r\n{}")) as (upstream, client):
        assert (await client.post(ASK, content=pieces())).json() == {}
    assert upstream.bodies == [{"messages": [], "model": "default_model"}]


@pytest.mark.parametrize("target", [b"@localhost:1/", b"http://localhost:1/", b"*"])
@pytest.mark.asyncio
async def test_only_the_server_behind_is_asked(target: bytes) -> None:
    """A path that is none could name another host; one with odd letters is passed on as it is."""
    async with door(plays(b"HTTP/1.0 200 OK\r\n\r\n{}")) as (upstream, client):
        reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
        writer.write(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 404")
        writer.close()
        assert upstream.heads == []
        assert (await client.get("/v1/a%00b%2F")).status_code == 200
    assert upstream.heads[0].startswith(b"get /v1/a%00b%2f http")


@pytest.mark.asyncio
async def test_an_unreadable_request_goes_nowhere() -> None:
    """Nobody could tell which weights it asks for."""
    async with door(plays()) as (upstream, client):
        reply = await client.post(ASK, content=b"{")
    assert reply.status_code == 400
    assert "Invalid JSON" in reply.json()["error"]
    assert upstream.heads == []


@pytest.mark.asyncio
async def test_an_agent_that_goes_away_is_not_answered_on() -> None:
    """The server behind sees the connection close, and can stop generating."""
    closed = asyncio.Event()

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(STREAM)
        while not writer.is_closing():
            writer.write(b"data: {}\n\n")
            try:
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0.01)
        closed.set()

    async with door(play) as (_, client):
        async with client.stream("POST", ASK, json=BODY) as reply:
            await anext(reply.aiter_raw())
        await asyncio.wait_for(closed.wait(), 10)


@pytest.mark.asyncio
async def test_a_dead_server_is_looked_after_and_asked_again() -> None:
    """The request that found it dead is answered by the one that was started."""
    async with door(plays(b"HTTP/1.0 200 OK\r\n\r\n{}")) as (upstream, client):
        alive = upstream.address
        upstream.address = f"http://127.0.0.1:{free_port('127.0.0.1')}"
        upstream.on_revive = lambda: setattr(upstream, "address", alive)
        assert (await client.post(ASK, json=BODY)).json() == {}
    assert upstream.revived == 1


@pytest.mark.asyncio
async def test_a_server_that_dies_while_asked_is_asked_again_elsewhere() -> None:
    """A living one that hangs up is not: what the model wrote has broken its parser."""
    async with (
        door(plays(b"")) as (dying, client),
        door(plays(b"HTTP/1.0 200 OK\r\n\r\n{}")) as new,
    ):
        dying.on_revive = lambda: setattr(dying, "address", new[0].address)
        assert (await client.post(ASK, json=BODY)).json() == {}
        dying.on_revive = lambda: None
    assert (len(dying.heads), len(new[0].heads)) == (1, 1)
    async with door(plays(b"")) as (living, client):
        assert (await client.post(ASK, json=BODY)).status_code == 502
    assert (len(living.heads), living.revived) == (1, 1)


@pytest.mark.asyncio
async def test_a_server_that_stays_away_is_an_error() -> None:
    """Refused twice is 502; lost is 503, without what only the terminal should show."""
    async with door(plays()) as (upstream, client):
        upstream.address = f"http://127.0.0.1:{free_port('127.0.0.1')}"
        assert (await client.post(ASK, json=BODY)).status_code == 502
        upstream.sick = True
        lost = await client.post(ASK, json=BODY)
    assert lost.status_code == 503
    assert "could not be restarted" in lost.text
    assert "secret" not in lost.text


@pytest.mark.asyncio
async def test_health_is_that_of_the_server() -> None:
    """200 with what is served while it can answer, 503 with the reason when not."""
    async with door(plays()) as (upstream, client):
        well = await client.get("/health")
        upstream.sick = True
        ill = await client.get("/health")
    assert (well.status_code, well.json()) == (200, {"status": "ok", "adapter": "a"})
    assert (ill.status_code, ill.json()["status"]) == (503, "unavailable")


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.asyncio
async def test_one_model_is_listed(prefix: str) -> None:
    """By the adapter's name; any other name is known as well."""
    async with door(plays()) as (_, client):
        listed = (await client.get(f"{prefix}/models")).json()
        named = (await client.get(f"{prefix}/models/org/gpt-4")).json()
    assert [each["id"] for each in listed["data"]] == ["v9"]
    assert (named["id"], named["object"]) == ("org/gpt-4", "model")


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [(("*",), "*"), (("http://a.b",), "http://a.b"), (("http://c.d",), None)],
    ids=["all", "this one", "another"],
)
@pytest.mark.asyncio
async def test_web_pages_may_ask_as_the_server_lets_them(
    origins: tuple[str, ...], allowed: str | None
) -> None:
    """What the door says itself follows the server's own option."""
    async with door(plays(), origins=origins) as (_, client):
        reply = await client.get("/v1/models", headers={"Origin": "http://a.b"})
    assert reply.headers.get("access-control-allow-origin") == allowed


@pytest.mark.asyncio
async def test_a_place_taken_meanwhile_is_an_error() -> None:
    """Two programs can hold a port; only one can listen."""
    port = free_port("127.0.0.1")
    with closing(bound("127.0.0.1", port)) as place, closing(bound("127.0.0.1", port)) as other:
        other.listen()
        with pytest.raises(OSError, match="in use"):
            async with listening(None, place):
                pass
