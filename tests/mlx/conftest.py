"""An HTTP server that fails as it is told, one connection at a time."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

Fault = Literal["reset", "close", "hang", "truncate", "garbage", "odd", "dead", "empty", "ok"] | int


def reply(text: str = "Hello", **choice: Any) -> dict[str, Any]:
    """Return a chat response as mlx-lm writes it."""
    entries = [{"id": ord(letter), "logprob": -0.5} for letter in text]
    message = {"role": "assistant", "content": text, **choice.pop("message", {})}
    first = {
        "index": 0,
        "finish_reason": "stop",
        "logprobs": {"content": entries},
        "message": message,
        **choice,
    }
    usage = {"prompt_tokens": 3, "completion_tokens": len(entries)}
    return {"choices": [first], "usage": usage}


@dataclass
class ScriptedServer:
    """A server that plays one fault a request, the last one for ever; bodies are kept."""

    faults: Sequence[Fault]
    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and fail as the script says."""
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            body = await self._read(reader)
            fault = self.faults[min(len(self.bodies), len(self.faults) - 1)]
            self.bodies.append(body)
            await self._play(fault, writer)
        finally:
            self.open_now -= 1
            writer.close()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> dict[str, Any]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = [line for line in head.splitlines() if line.startswith("content-length:")]
        if not length:
            return {}
        return json.loads(await reader.readexactly(int(length[0].split(":")[1])))

    @staticmethod
    async def _play(fault: Fault, writer: asyncio.StreamWriter) -> None:
        status, body = 200, json.dumps(reply()).encode()
        match fault:
            case "close":
                return
            case "reset":
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
                return
            case "hang":
                await asyncio.sleep(30)
                return
            case "garbage":
                body = b"<html>"
            case "empty":
                body = b""
            case "odd":
                body = b'{"choices": []}'
            case "dead":
                status, body = 404, b'{"error": "generation thread died"}'
            case int():
                status, body = fault, b'{"error": "no such model"}'
        head = f"HTTP/1.0 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        writer.write(head + (body[:5] if fault == "truncate" else body))
        await writer.drain()


@pytest.fixture
def scripted_server() -> Callable[..., Any]:
    """Return a context manager that serves a script of faults."""

    @asynccontextmanager
    async def serve(*faults: Fault) -> AsyncGenerator[ScriptedServer]:
        server = ScriptedServer(faults)
        listening = await asyncio.start_server(server.handle, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        server.url = f"http://127.0.0.1:{port}"
        try:
            yield server
        finally:
            listening.close()

    return serve
