"""Ask a model server for completions: many at once, with deadlines, without losing requests."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx

from punie_train.core.completions import Completion
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.mlx.raw_text import Decode
from punie_train.mlx.unanswered import FailureKind, UnansweredError
from punie_train.mlx.wire import BadReplyError, read_completion, request_body

BACKOFF_SECONDS = (0.05, 0.2, 0.8)
CONNECT_SECONDS = 10.0
DISCONNECTS_BEFORE_RAW = 2
BODY_CHARACTERS = 300
DEAD_THREAD = "generation thread died"


@dataclass(slots=True)
class _Attempt:
    """What is known of one request on the wire; `answered` once a byte of reply came back."""

    opening: asyncio.Lock
    answered: bool = False
    _holds: bool = field(default=False)

    async def trace(self, event: str, _info: dict[str, Any]) -> None:
        """Follow httpcore: open connections in turn, and note when the reply begins."""
        match event:
            case "connection.connect_tcp.started":
                await self.opening.acquire()
                self._holds = True
            case "connection.connect_tcp.complete" | "connection.connect_tcp.failed":
                self.release()
            case "http11.receive_response_headers.complete":
                self.answered = True

    def release(self) -> None:
        """Let the next connection be opened."""
        if self._holds:
            self._holds = False
            self.opening.release()


class _NoReplyError(Exception):
    """The connection ended before a byte of reply; `clean` when the server closed it in order."""

    def __init__(self, kind: FailureKind, clean: bool) -> None:
        super().__init__(kind)
        self.kind: FailureKind = kind
        self.clean = clean


class ChatClient:
    """A client of one OpenAI-compatible server.

    `decode` recovers the raw text from token ids: give it for a server of ours, None for others.
    `model` is sent only when given: mlx-lm answers a named model without its adapter. `timeout` is
    the deadline of one completion in seconds, from its first request to its reply.
    """

    def __init__(
        self,
        base_url: str,
        *,
        decode: Decode | None,
        model: str | None = None,
        timeout: float = 120.0,
        max_connections: int = 8,
    ) -> None:
        self.base_url = base_url.rstrip("/").removesuffix("/v1")
        self.model = model
        self._decode = decode
        self._timeout = timeout
        self._slots = asyncio.Semaphore(max_connections)
        self._opening = asyncio.Lock()
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            trust_env=False,
            limits=httpx.Limits(
                max_connections=max_connections, max_keepalive_connections=max_connections
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def complete(
        self,
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
        sampling: Sampling,
        *,
        seed: int | None = None,
    ) -> Completion:
        """Return the reply to `messages`.

        A connection that ends before any byte of reply is repeated up to three times. Where a
        server of ours twice closes one in order, its tool parser has failed on what the model
        wrote: the request is then repeated with that parser off, and nothing counts as delivered.
        At a temperature above 0 that repetition draws a new reply.

        Raises UnansweredError for a refused or reset connection, a deadline, a status other than
        200 and a body that is not a completion.
        """
        asked = time.monotonic()
        async with self._slots:
            try:
                async with asyncio.timeout(self._timeout):
                    return await self._persist(messages, tools, sampling, seed, asked)
            except TimeoutError as error:
                raise UnansweredError(
                    f"No reply from {self.base_url} within {self._timeout:g} s",
                    "the case has no result",
                    "Look at the server's log; raise --eval-timeout for a slow model",
                    kind="timeout",
                    failure="F05",
                ) from error

    async def models(self) -> tuple[str, ...]:
        """Return the model names that the server lists, none when its list is an empty reply.

        mlx-lm sends that on a machine without a hub cache. Raises UnansweredError as `complete`.
        """
        try:
            response = await self._http.get(f"{self.base_url}/v1/models", timeout=self._timeout)
            response.raise_for_status()
            if not response.content:
                return ()
            return tuple(str(entry["id"]) for entry in response.json()["data"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            status = (
                error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None
            )
            raise UnansweredError(
                f"{self.base_url} lists no models ({error or type(error).__name__})",
                "it is not known which model to ask for",
                "Check the URL, or name the model with --model",
                kind="refused" if isinstance(error, httpx.ConnectError) else "bad-reply",
                http_status=status,
            ) from error

    async def _persist(
        self,
        messages: Sequence[Message],
        tools: Sequence[ToolSpec],
        sampling: Sampling,
        seed: int | None,
        asked: float,
    ) -> Completion:
        patience = 1 if sampling.temperature > 0 else DISCONNECTS_BEFORE_RAW
        closed = 0
        for pause in (*BACKOFF_SECONDS, None):
            body = request_body(
                messages,
                tools,
                sampling,
                model=self.model,
                seed=seed,
                parse_calls=self._decode is None or closed < patience,
            )
            sent = time.monotonic()
            try:
                payload = await self._post(body)
            except _NoReplyError as error:
                closed += error.clean
                if pause is None:
                    raise self._lost(error.kind) from error
                await asyncio.sleep(pause)
                continue
            return self._read(payload, queue=sent - asked, generation=time.monotonic() - sent)
        raise AssertionError("the last attempt returns or raises")

    async def _post(self, body: dict[str, Any]) -> Any:
        attempt = _Attempt(self._opening)
        try:
            response = await self._http.post(
                f"{self.base_url}/v1/chat/completions",
                json=body,
                extensions={"trace": attempt.trace},
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _NoReplyError("refused", clean=False) from error
        except httpx.TransportError as error:
            if not attempt.answered:
                clean = isinstance(error, httpx.RemoteProtocolError)
                raise _NoReplyError("reset", clean=clean) from error
            raise self._bad_reply("the connection ended in the middle of a reply") from error
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            raise self._lost("refused") from error  # somebody else has found the server dead
        finally:
            attempt.release()
        if response.status_code != httpx.codes.OK:
            raise self._bad_status(response)
        try:
            return response.json()
        except ValueError as error:
            raise self._bad_reply("the reply is not JSON") from error

    def _read(self, payload: Any, *, queue: float, generation: float) -> Completion:
        try:
            return read_completion(
                payload, decode=self._decode, queue_seconds=queue, generation_seconds=generation
            )
        except BadReplyError as error:
            raise self._bad_reply(f"the reply is not a completion: {error}") from error

    def _lost(self, kind: FailureKind) -> UnansweredError:
        what = "refuses connections" if kind == "refused" else "closed the connection four times"
        return UnansweredError(
            f"{self.base_url} {what}",
            "the case has no result",
            "Check that the server runs, and look at its log",
            kind=kind,
            failure=None if kind == "refused" else "F66",
        )

    def _bad_reply(self, fact: str) -> UnansweredError:
        return UnansweredError(
            f"{self.base_url} gave no usable reply ({fact})",
            "the case has no result",
            "Look at the server's log; is it an OpenAI-compatible server?",
            kind="bad-reply",
        )

    def _bad_status(self, response: httpx.Response) -> UnansweredError:
        missing = response.status_code == httpx.codes.NOT_FOUND
        if DEAD_THREAD in response.text:
            return UnansweredError(
                f"{self.base_url} is up but does not generate: {response.text[:BODY_CHARACTERS]}",
                "the case has no result",
                "Look at the server's log for what ended its generation thread",
                kind="status",
                http_status=response.status_code,
                failure="F04",
            )
        return UnansweredError(
            f"{self.base_url} answered {response.status_code}: {response.text[:BODY_CHARACTERS]}",
            "the model or adapter is not there" if missing else "the case has no result",
            "Look at the server's log",
            kind="status",
            http_status=response.status_code,
            failure="F03" if missing else None,
        )
