"""Serve an ASGI application on a socket that is bound already, until told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from typing import Any

import uvicorn

GRACE_SECONDS = 2
"""How long replies that are under way may still take when the server stops."""

QUEUE = 128
"""How many connections wait to be accepted before one is refused."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the program that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(application: Any, bound: socket.socket) -> AsyncGenerator[None]:
    """Accept connections inside of the context; the socket is closed at its end.

    Raises OSError when another program listens there by now.
    """
    bound.listen(QUEUE)
    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        lifespan="off",
        backlog=QUEUE,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
