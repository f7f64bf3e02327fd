"""A model server of ours: started, proven ready, watched and stopped."""

import asyncio
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from punie_train.core.errors import ServerError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.mlx.client import ChatClient
from punie_train.mlx.server_command import server_command
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.unanswered import UnansweredError
from punie_train.processes.child import Child
from punie_train.processes.ports import answers, free_port, is_taken, listener, listens
from punie_train.processes.sweep import sweep

POLL_SECONDS = 0.05
START_ATTEMPTS = 3
DYING_SECONDS = 1.0
"""How long a process that has closed its port may take to be gone."""

_PROBE = (Message(role="user", content="Hi"),)


class _PortLostError(Exception):
    """Somebody else took the port between choosing it and listening on it."""


class ManagedServer:
    """`mlx_lm server` as a child of this process, for one model and at most one adapter."""

    def __init__(
        self, config: ServerConfig, *, log_path: Path, ready_seconds: float = 60.0
    ) -> None:
        self.config = config
        self.log_path = log_path
        self.ready_seconds = ready_seconds
        self._child: Child | None = None
        self._port: int | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def is_running(self) -> bool:
        """Return whether the process is alive (which does not mean that it answers)."""
        return self._child is not None and self._child.poll() is None

    @property
    def base_url(self) -> str:
        """Return the URL without a path; raises ServerError before the start."""
        if self._port is None:
            raise ServerError("The server is not started", "it has no URL yet", "Start it first")
        return self.config.base_url(self._port)

    @property
    def pid(self) -> int | None:
        """Return the id of the server's process, or None before the start."""
        return self._child.pid if self._child else None

    def log_tail(self, lines: int = 20) -> str:
        """Return the last lines of the server's log."""
        return self._child.log_tail(lines) if self._child else ""

    async def start(self) -> None:
        """Start the server and wait until it has really completed a request.

        Servers left behind by a runner that is gone are ended first (F07).

        Raises ServerError when the port is taken, the process ends, somebody else answers on the
        port, model or adapter do not load, or `ready_seconds` pass. Nothing is left running then.
        """
        if self.is_running:
            return
        await asyncio.to_thread(sweep)
        try:
            for remaining in reversed(range(START_ATTEMPTS)):
                try:
                    await self._start_on(self._choose_port())
                except _PortLostError as error:
                    await self.stop()
                    if not remaining or self.config.port is not None:
                        raise self._foreign() from error
                else:
                    return
        except BaseException:
            await asyncio.shield(self.stop())
            raise

    async def stop(self) -> None:
        """Stop the server and all it started; does nothing when it is stopped already."""
        if self._child is not None:
            await asyncio.to_thread(self._child.stop)

    async def health(self, seconds: float = 10.0) -> None:
        """Prove that the server still generates; raises ServerError when it does not (F04)."""
        if not self.is_running:
            raise self._ended()
        try:
            await self._complete(seconds)
        except UnansweredError as error:
            raise self._dead(error.fact) from error

    async def pulse(self, seconds: float = 5.0) -> None:
        """Raise ServerError when the process, or its generation thread, is surely dead (F04).

        Unlike `health` this does not wait behind requests that are being answered: a server that
        is too busy to say how it is counts as alive.
        """
        if not self.is_running:
            raise self._ended()
        try:
            async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
                status = (await client.get(f"{self.base_url}/health")).status_code
        except httpx.ConnectError as error:
            if self._child and await asyncio.to_thread(self._child.wait, DYING_SECONDS) is None:
                raise self._dead("it refuses connections") from error
            raise self._ended() from error
        except httpx.HTTPError:
            return
        if status == httpx.codes.SERVICE_UNAVAILABLE:
            raise self._dead("its generation thread has died")

    def _choose_port(self) -> int:
        port = self.config.port
        if port is None:
            return free_port(self.config.host)
        if is_taken(self.config.host, port):
            by = listener(port)
            raise ServerError(
                f"Port {port} is taken" + (f" by {by}" if by else ""),
                "the model server cannot listen there",
                "Stop what listens there, or leave the port out to take a free one",
                failure="F06",
            )
        return port

    async def _start_on(self, port: int) -> None:
        self._port = port
        deadline = time.monotonic() + self.ready_seconds
        self._child = Child.start(
            server_command(self.config, port), log_path=self.log_path, env=self._environment()
        )
        while not await asyncio.to_thread(self._listens, self._child, port):
            if time.monotonic() > deadline:
                raise self._too_slow()
            await asyncio.sleep(POLL_SECONDS)
        try:
            await self._complete(max(1.0, deadline - time.monotonic()))
        except UnansweredError as error:
            if not self.is_running:
                raise self._ended() from error
            if error.kind == "timeout":
                raise self._too_slow() from error
            raise self._not_loaded(error) from error

    def _listens(self, child: Child, port: int) -> bool:
        """Return whether our own process listens; raises when it ended or another one answers."""
        foreign = answers(self.config.connect_host, port)
        if child.poll() is not None:
            raise self._ended()
        match listens(child.pid, port):
            case None:
                return foreign and f" on port {port}..." in child.log_tail(200)
            case False if foreign:
                raise _PortLostError
            case ours:
                return ours

    async def _complete(self, seconds: float) -> None:
        async with ChatClient(self.base_url, decode=None, timeout=seconds) as client:
            await client.complete(_PROBE, (), Sampling(max_tokens=1))

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        if Path(self.config.model).is_dir():
            environment["HF_HUB_OFFLINE"] = "1"
        return environment

    def _log(self) -> str:
        lines = self.log_tail(12).strip()
        return f"Log: {self.log_path}" + (f"\n{lines}" if lines else "")

    def _ended(self) -> ServerError:
        status = self._child.poll() if self._child else None
        return ServerError(
            f"The model server ended with status {status}",
            "no request can be answered",
            f"Read the end of its log. {self._log()}",
        )

    def _too_slow(self) -> ServerError:
        return ServerError(
            f"The model server completed no request within {self.ready_seconds:g} s",
            "it was stopped",
            f"Allow more time for a large model, or read the end of its log. {self._log()}",
            failure="F05",
        )

    def _not_loaded(self, error: UnansweredError) -> ServerError:
        what = f"{self.config.model}" + (
            f" with adapter {self.config.adapter}" if self.config.adapter else ""
        )
        return ServerError(
            f"The model server runs but cannot answer for {what} ({error.fact})",
            "model or adapter did not load",
            f"Check both directories, and read the end of its log. {self._log()}",
            failure="F03",
        )

    def _foreign(self) -> ServerError:
        by = listener(self._port) if self._port else None
        return ServerError(
            f"Port {self._port} is answered by another server" + (f", {by}" if by else ""),
            "its replies would not be those of the model asked for",
            "Stop it, or leave the port out to take a free one",
            failure="F06",
        )

    def _dead(self, reason: str) -> ServerError:
        return ServerError(
            f"The model server is up but does not generate ({reason})",
            "replies from here on would be missing",
            f"Read the end of its log. {self._log()}",
            failure="F04",
        )
