"""Keep one candidate's server up and attested, and restart it at most once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import AttestationError, PunieTrainError, RequestError, ServerError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.mlx.attestation import Canary, attest, same_server, take_canary
from punie_train.mlx.base_canary import (
    BaselineKey,
    baseline_key,
    find_baseline,
    store_baseline,
    take_baseline,
)
from punie_train.mlx.client import ChatClient
from punie_train.mlx.raw_text import token_decoder
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig
from punie_train.processes.child import tail
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.converse import converse, unavailable

T = TypeVar("T")

RESTARTS = 1
"""How often a server that died during a run is started again."""

LOG_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A running server and a client of it."""

    server: ManagedServer
    client: ChatClient

    async def close(self) -> None:
        """Close the client, then stop the server."""
        try:
            await self.client.__aexit__(None, None, None)
        finally:
            await self.server.stop()


class LiveModel:
    """A candidate behind a server of ours."""

    def __init__(
        self,
        candidate: Candidate,
        *,
        server_options: Mapping[str, Any],
        log_path: Path,
        timeout: float,
        concurrency: int,
    ):
        """Keep what is needed to start; nothing runs yet. `timeout` is a case's, in seconds."""
        self.candidate = candidate
        self.timeout = timeout
        self.attestation = Attestation(applied=Applied.UNVERIFIED, reason="not started")
        self._decode = token_decoder(candidate.model)
        self._options, self._log_path, self._concurrency = server_options, log_path, concurrency
        self._connection: Connection | None = None
        self._canary: Canary | None = None
        self._noise = 0.0
        self._restarts = 0
        self._lost: str | None = None
        self._mending = asyncio.Lock()

    async def start(self) -> None:
        """Start the server and attest it; raise AttestationError, ServerError or RequestError."""
        config, key = self._config(), self._key()
        if self.candidate.adapter is None:
            self._connection = await self._open()
            base = await take_baseline(self._connection.client)
            store_baseline(key, base)
            self._canary = base.canary
            self.attestation = Attestation(
                applied=Applied.NOT_APPLICABLE, reason="the bare model", noise=base.noise
            )
        else:
            base = await find_baseline(key, config, decode=self._decode, log_path=self._log_path)
            self._connection = await self._open()
            self._canary = await take_canary(self._connection.client)
            self.attestation = attest(self._canary, base.canary, base.noise)
            if not self.candidate.manifest:
                doubt = "it has no manifest, so nobody knows whether this is its base [F09]"
                self.attestation = replace(
                    self.attestation, reason=f"{self.attestation.reason}; {doubt}"
                )
        self._noise = base.noise
        if self.attestation.applied is Applied.NO:
            raise AttestationError(
                f"adapter '{self.candidate.name}' is not live ({self.attestation.reason})",
                "its scores would be the base model's, so none is printed",
                f"Train it again, or read the server's log {self._log_path}",
                failure="F02",
            )

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        """Return the case's replies, or why there are none, with the end of the server's log."""
        try:
            return await self._asked(
                lambda client: converse(client, case, sampling, deadline=self.timeout)
            )
        except ServerError as error:
            return Unavailable(reason=str(error))
        except RequestError as error:
            return unavailable(error, tail(self._log_path, LOG_LINES))

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Return one reply, for free-form evaluations; raise RequestError where there is none."""
        try:
            return await self._asked(lambda client: client.complete(messages, tools, sampling))
        except ServerError as error:
            raise RequestError(error.fact, error.consequence, error.remedy) from error

    @property
    def restarts(self) -> int:
        """Return how often the server was started again."""
        return self._restarts

    async def url(self) -> str:
        """Return the server's URL, after a restart under way; raise ServerError when it is lost."""
        async with self._mending:
            return self._live().server.base_url

    async def pulse(self) -> None:
        """Raise ServerError when the server is dead, lost or just being started again."""
        await self._live().server.pulse()

    async def revive(self) -> None:
        """Start the server again if it is dead; raise ServerError when it is lost for good.

        Replies that merely take long are left alone.
        """
        async with self._mending:
            connection = self._live()
        try:
            await connection.server.pulse()
        except ServerError as error:
            async with self._mending:
                if connection is self._connection:
                    await self._restart(error)
                self._live()

    async def _asked(self, ask: Callable[[ChatClient], Awaitable[T]]) -> T:
        """Ask; a dead server is started again once, and asked again by all who waited for it.

        Raises RequestError without a reply, ServerError when the server is lost for good.
        """
        while True:
            async with self._mending:
                connection = self._live()
            try:
                return await ask(connection.client)
            except RequestError:
                if not await self._mended(connection):
                    raise

    async def finish(self) -> None:
        """Take the canary again: the same weights must still answer."""
        if reason := self._lost or await self._end_fault():
            self.attestation = Attestation(
                applied=Applied.NO,
                reason=f"at the end of the run: {reason}",
            )

    async def close(self) -> None:
        """Stop the server; safe to call twice and on one that never started."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _end_fault(self) -> str | None:
        if self._canary is None:
            return "no canary was taken at its start"
        try:
            end = await take_canary(self._live().client)
        except PunieTrainError as error:
            return str(error)
        if same_server(self._canary, end, self._noise):
            return None
        return "the canary is answered otherwise than at the start [F04]"

    def _live(self) -> Connection:
        if self._lost:
            raise ServerError(
                f"the server of '{self.candidate.name}' is lost ({self._lost})",
                "the case has no result",
                f"Read its log {self._log_path}",
            )
        if self._connection is None:
            raise ServerError(
                f"the server of '{self.candidate.name}' is not running",
                "nothing can be asked",
                f"Read its log {self._log_path}",
            )
        return self._connection

    def _config(self) -> ServerConfig:
        return ServerConfig(
            model=self.candidate.model, adapter=self.candidate.adapter, **self._options
        )

    def _key(self) -> BaselineKey:
        return baseline_key(
            self.candidate.base_fingerprint, self.candidate.template, self._config()
        )

    async def _open(self) -> Connection:
        server = ManagedServer(self._config(), log_path=self._log_path)
        await server.start()
        client = ChatClient(
            server.base_url,
            decode=self._decode,
            timeout=self.timeout,
            max_connections=self._concurrency,
        )
        return Connection(server=server, client=client)

    async def _mended(self, broken: Connection) -> bool:
        """Say whether asking again makes sense, after a restart where the server has died."""
        async with self._mending:
            if broken is not self._connection:
                return True
            try:
                await broken.server.health()
            except ServerError as error:
                await self._restart(error)
                return True
            return False

    async def _restart(self, cause: ServerError) -> None:
        if self._restarts >= RESTARTS:
            self._lost = f"the server died again after a restart ({cause})"
            return
        self._restarts += 1
        try:
            await self.close()
            self._connection = await self._open()
            if fault := await self._end_fault():
                self._lost = f"the restarted server is not the one before: {fault}"
            else:
                self._remember_restart()
        except PunieTrainError as error:
            self._lost = f"the server died and did not start again ({error})"

    def _remember_restart(self) -> None:
        told = "the server died in the middle, was started again and answers the canary alike"
        self.attestation = replace(self.attestation, reason=f"{self.attestation.reason}; {told}")
