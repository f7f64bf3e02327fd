"""The door an agent knocks at: every model name is answered by the weights that are served.

An ASGI application in front of mlx-lm's server. It replaces what a request asks for by what is
served, and passes replies on as they come, byte for byte. It knows no key and logs nothing.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Protocol

import httpx

from punie_train.core.errors import ServerError
from punie_train.mlx.agent_request import UnreadableRequestError, for_served_weights

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]

LARGEST_BODY = 256 * 1024 * 1024
"""Bytes of a request; images come inside of it."""

CONNECT_SECONDS = 10.0
PASSED_ON = frozenset({b"content-type", b"accept", b"origin"})
"""Headers of a request that mlx-lm reads; keys and cookies stay here."""

KEPT_BACK = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"server", b"date"})
STREAM_END = b"data: [DONE]"
NO_REPLY = (
    "The model server closed the connection without a complete reply: its tool parser may have "
    "failed on what the model wrote, or it is being restarted. Ask again"
)


LOST = "The model server died and could not be restarted: see the terminal that serves it"


class Upstream(Protocol):
    """The model server behind the door."""

    async def url(self) -> str:
        """Return its URL, after a restart that is under way; raise ServerError when it is lost."""
        ...

    async def pulse(self) -> None:
        """Raise ServerError when it cannot answer now."""
        ...

    async def revive(self) -> None:
        """Start it again if it is dead; raise ServerError when it stays dead."""
        ...


class _GoneError(Exception):
    """The agent closed its connection before its request was complete."""


class AgentFront:
    """An ASGI application; `name` is what the list of models calls the one that is served.

    `about` is added to what /health says. `origins` are the web pages that may ask, `*` for all.
    """

    def __init__(
        self,
        upstream: Upstream,
        *,
        name: str,
        about: Mapping[str, Any],
        origins: Sequence[str] = ("*",),
    ) -> None:
        self._upstream, self._name, self._about, self._origins = upstream, name, about, origins
        self._since = int(time.time())
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def close(self) -> None:
        """Close the connections to the model server."""
        await self._http.aclose()

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Answer one request."""
        reply = _Reply(send, self._cors(scope))
        path = scope["path"].rstrip("/")
        match scope["method"], path.removeprefix("/v1").split("/", 2)[1:]:
            case "GET", ["health"]:
                await self._health(reply)
            case "GET", ["models"]:
                await reply.json(200, {"object": "list", "data": [self._card(self._name)]})
            case "GET", ["models", name]:
                await reply.json(200, self._card(name))
            case _ if scope["raw_path"].startswith(b"/"):
                await self._pass(scope, receive, reply)
            case _:  # with another beginning it could name another host
                await reply.json(404, {"error": "Not Found"})

    async def _health(self, reply: "_Reply") -> None:
        try:
            await self._upstream.pulse()
        except ServerError as error:
            await reply.json(503, {"status": "unavailable", "reason": error.fact, **self._about})
        else:
            await reply.json(200, {"status": "ok", **self._about})

    def _card(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": self._since, "owned_by": "punie-train"}

    def _cors(self, scope: Event) -> list[tuple[bytes, bytes]]:
        origin = dict(scope["headers"]).get(b"origin")
        if "*" in self._origins:
            return [(b"access-control-allow-origin", b"*")]
        if origin is not None and origin.decode("latin-1") in self._origins:
            return [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        return []

    async def _pass(self, scope: Event, receive: Receive, reply: "_Reply") -> None:
        """Ask the model server, and stop asking when the agent goes away."""
        try:
            body = await _whole_body(receive)
            if scope["method"] == "POST":
                body = for_served_weights(body)
        except _GoneError:
            return
        except UnreadableRequestError as error:
            await reply.json(400, {"error": str(error)})
            return
        asking = asyncio.create_task(self._ask(scope, body, reply))
        leaving = asyncio.create_task(_until_gone(receive))
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not asking.done():
                asking.cancel()
            await asyncio.gather(asking, leaving, return_exceptions=True)
        if not asking.cancelled():
            asking.result()

    async def _ask(self, scope: Event, body: bytes, reply: "_Reply") -> None:
        try:
            response = await self._sent(scope, body)
        except ServerError:
            await reply.failure(503, LOST)
        except httpx.TransportError:
            await reply.failure(502, NO_REPLY)
        else:
            try:
                await reply.passed_on(response)
            finally:
                await response.aclose()

    async def _sent(self, scope: Event, body: bytes) -> httpx.Response:
        """Return the reply's beginning; where the server was dead, that of the one started then."""
        headers = [(key, value) for key, value in scope["headers"] if key in PASSED_ON]
        for last in (False, True):
            place = await self._upstream.url()
            request = self._http.build_request(
                scope["method"],
                httpx.URL(place).copy_with(raw_path=scope["raw_path"]),
                content=body,
                headers=[*headers, (b"accept-encoding", b"identity")],
            )
            try:
                return await self._http.send(request, stream=True)
            except httpx.TransportError:
                await self._upstream.revive()
                if last or await self._upstream.url() == place:
                    raise
        raise AssertionError("the last attempt returns or raises")


class _Reply:
    """What goes back to the agent: a value of ours, or a reply of the model server."""

    def __init__(self, send: Send, cors: list[tuple[bytes, bytes]]) -> None:
        self._send, self._cors = send, cors

    async def json(self, status: int, value: Mapping[str, Any]) -> None:
        """Send a value."""
        body = json.dumps(value).encode()
        headers = [(b"content-type", b"application/json"), *self._cors]
        await self._begin(status, [*headers, (b"content-length", str(len(body)).encode())])
        await self._end(body)

    async def failure(self, status: int, message: str) -> None:
        """Send an error in OpenAI's form."""
        await self.json(status, _error(message))

    async def passed_on(self, response: httpx.Response) -> None:
        """Send a reply on; one that ends before it is complete is not passed off as a whole one."""
        headers = [(key.lower(), value) for key, value in response.headers.raw]
        headers = [(key, value) for key, value in headers if key not in KEPT_BACK]
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            await self._begin(response.status_code, headers)
            await self._stream(response)
            return
        try:
            body = b"".join([chunk async for chunk in response.aiter_raw()])
        except httpx.TransportError:
            await self.failure(502, NO_REPLY)
            return
        await self._begin(response.status_code, headers)
        await self._end(body)

    async def _stream(self, response: httpx.Response) -> None:
        end = b""
        try:
            async for chunk in response.aiter_raw():
                await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
                end = (end + chunk)[-len(STREAM_END) - 8 :]
        except httpx.TransportError:
            end = b""
        whole = STREAM_END in end
        await self._end(b"" if whole else f"data: {json.dumps(_error(NO_REPLY))}\n\n".encode())

    async def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _end(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body})


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "server_error", "param": None, "code": None}}


async def _whole_body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise _GoneError
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            raise UnreadableRequestError(f"Request is larger than {LARGEST_BODY} bytes")
        if not event.get("more_body"):
            return b"".join(parts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
