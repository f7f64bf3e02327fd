"""The real server: started, proven ready, watched and stopped; every refusal in words."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import psutil
import pytest

from punie_train.core.errors import ServerError
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import LogLevel, ServerConfig


@pytest.fixture(scope="session")
def model(scripted_model: Callable[..., Path]) -> Path:
    """Return a model that says hello."""
    return scripted_model("Hello there.")


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Hold a port that nobody answers on."""
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        yield holder.getsockname()[1]


@pytest.mark.asyncio
async def test_server_lives_for_its_context(model: Path, tmp_path: Path) -> None:
    """It is running and healthy inside, gone afterwards, and can be stopped again."""
    server = ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log")
    async with server:
        assert server.is_running
        assert server.pid is not None
        await server.health()
        pid = server.pid
        await server.start()
        assert server.pid == pid
        process = psutil.Process(server.pid)
    assert not server.is_running
    assert not process.is_running()
    assert list((tmp_path / "state" / "processes").iterdir()) == []
    await server.stop()


@pytest.mark.asyncio
async def test_exception_leaves_no_server(model: Path, tmp_path: Path) -> None:
    """A body that raises stops the server on its way out."""
    server = ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log")
    with pytest.raises(ZeroDivisionError):
        async with server:
            raise ZeroDivisionError
    assert not server.is_running


@pytest.mark.asyncio
async def test_missing_adapter_fails_at_once(model: Path, tmp_path: Path) -> None:
    """An adapter that is not there is an error with the log's end, though the process lives on."""
    config = ServerConfig(model=model, adapter=tmp_path / "nowhere")
    server = ManagedServer(config, log_path=tmp_path / "server.log")
    with pytest.raises(ServerError, match="did not load") as caught:
        await server.start()
    assert caught.value.failure == "F03"
    assert "adapter path does not exist" in str(caught.value)
    assert not server.is_running


@pytest.mark.asyncio
async def test_unusable_option_ends_the_start(model: Path, tmp_path: Path) -> None:
    """A process that ends while it starts is an error with the end of its log."""
    config = ServerConfig(model=model, log_level=cast("LogLevel", "LOUD"))
    server = ManagedServer(config, log_path=tmp_path / "server.log")
    with pytest.raises(ServerError, match=r"ended with status 2(.|\n)*invalid choice"):
        await server.start()
    assert server.log_tail()


@pytest.mark.asyncio
async def test_taken_port_is_named(model: Path, tmp_path: Path, taken_port: int) -> None:
    """A port that is taken is an error that names the process which listens there."""
    config = ServerConfig(model=model, port=taken_port)
    with pytest.raises(ServerError, match=f"taken by process {os.getpid()}") as caught:
        await ManagedServer(config, log_path=tmp_path / "server.log").start()
    assert caught.value.failure == "F06"


@pytest.mark.asyncio
async def test_explicit_port_is_used(model: Path, tmp_path: Path) -> None:
    """A free port that was asked for is the one in the URL."""
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        port = holder.getsockname()[1]
    config = ServerConfig(model=model, port=port)
    async with ManagedServer(config, log_path=tmp_path / "server.log") as server:
        assert server.base_url == f"http://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.asyncio
async def test_another_server_on_the_port_is_noticed(
    model: Path, tmp_path: Path, taken_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the port is lost after it was chosen, another server's answer is not taken for ours."""
    monkeypatch.setattr("punie_train.mlx.server.free_port", lambda host: taken_port)
    server = ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log")
    with pytest.raises(ServerError, match="answered by another server") as caught:
        await server.start()
    assert caught.value.failure == "F06"
    assert not server.is_running


@pytest.mark.slow
@pytest.mark.asyncio
async def test_slow_start_is_an_error(model: Path, tmp_path: Path) -> None:
    """A server that is not ready in time is stopped and its log named."""
    server = ManagedServer(
        ServerConfig(model=model), log_path=tmp_path / "server.log", ready_seconds=0.01
    )
    with pytest.raises(ServerError, match=r"completed no request within 0.01 s(.|\n)*server.log"):
        await server.start()
    assert not server.is_running


@pytest.mark.asyncio
async def test_killed_server_is_not_healthy(model: Path, tmp_path: Path) -> None:
    """A server that was killed is told from a healthy one."""
    async with ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log") as server:
        process = server._child
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with pytest.raises(ServerError, match="ended with status -9"):
            await server.health()


@pytest.mark.slow
@pytest.mark.asyncio
async def test_killed_server_can_be_started_again(model: Path, tmp_path: Path) -> None:
    """A server that was killed starts once more, and the log keeps what came before."""
    server = ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log")
    async with server:
        process = server._child
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        await server.start()
        await server.health()
    assert server.log_path.read_text().count("Starting httpd") == 2


@pytest.mark.asyncio
async def test_start_ends_an_orphan(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start asks for the servers of runners that are gone, before it does anything else."""
    swept: list[bool] = []
    monkeypatch.setattr("punie_train.mlx.server.sweep", lambda: swept.append(True))
    config = ServerConfig(model=model, log_level=cast("LogLevel", "LOUD"))
    with pytest.raises(ServerError):
        await ManagedServer(config, log_path=tmp_path / "server.log").start()
    assert swept == [True]


@pytest.mark.slow
@pytest.mark.asyncio
async def test_hanging_server_is_not_healthy(model: Path, tmp_path: Path) -> None:
    """A server that is up but does not generate is told from a healthy one (F04)."""
    async with ManagedServer(ServerConfig(model=model), log_path=tmp_path / "server.log") as server:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        try:
            with pytest.raises(ServerError, match="does not generate") as caught:
                await server.health(seconds=0.5)
        finally:
            os.kill(server.pid, signal.SIGCONT)
    assert caught.value.failure == "F04"


def test_url_before_the_start(tmp_path: Path) -> None:
    """A server that was not started has no URL to give."""
    server = ManagedServer(ServerConfig(model=tmp_path), log_path=tmp_path / "server.log")
    assert (server.pid, server.log_tail(), server.is_running) == (None, "", False)
    with pytest.raises(ServerError, match="not started"):
        _ = server.base_url
