"""Failures between the weights and the reply, each planted and caught by name."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from safetensors.numpy import load_file, save_file

from punie_train import starter
from punie_train.core.attestations import Applied
from punie_train.core.errors import ArtifactError, ServerError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.settings import Settings
from punie_train.mlx.attestation import Canary, attest, take_canary
from punie_train.mlx.base_canary import baseline_key, load_baseline
from punie_train.mlx.client import ChatClient
from punie_train.mlx.fingerprints import fingerprint, template_hash
from punie_train.mlx.raw_text import token_decoder
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.unanswered import UnansweredError
from punie_train.workflows.opening import end_orphans, resolve_candidates
from punie_train.workflows.wanted import Wanted

Caught = Callable[[str, object], None]
Silent = Callable[[object], None]
PROMPT = (Message(role="user", content="Read README.md."),)
CASES = """suite: one
cases:
  - {id: read, category: tool_calling, prompt: "Read README.md.",
     expect: {calls: [{read_file: {path: README.md}}]}}
"""
RUNNER = """
import asyncio, sys
from pathlib import Path
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig

async def run(model, place):
    async with ManagedServer(ServerConfig(model=Path(model)), log_path=Path(place, "log")) as own:
        print(own.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(run(*sys.argv[1:]))
"""


@pytest.fixture(scope="session")
def project(make_project: Callable[..., Any]) -> Any:
    """Return a project with one case that v3 passes."""
    return make_project(cases=CASES)


@contextmanager
def stopped(pid: int | None) -> Generator[None]:
    """Keep a process from doing anything, as a deadlock would."""
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def ask(url: str, **options: Any) -> str:
    """Return the reply of a server."""

    async def once() -> str:
        async with ChatClient(url, decode=None, **options) as client:
            return (await client.complete(PROMPT, (), Sampling(max_tokens=4))).text

    return asyncio.run(once())


async def canary_of(url: str) -> Canary:
    """Return the canary of a server of the starter."""
    async with ChatClient(url, decode=token_decoder(starter.model_path())) as client:
        return await take_canary(client)


def resolve(adapter: Path, model: Path | None = None) -> tuple[Any, ...]:
    """Check an adapter as every evaluation does before it starts anything."""
    wanted = Wanted(name="it", model=str(model) if model else None, adapter=str(adapter))
    return resolve_candidates([wanted], Settings(root=adapter.parent))


def copied(adapter: Path, to: Path, change: Callable[[str, Any], Any]) -> Path:
    """Copy an adapter and change its tensors."""
    shutil.copytree(adapter, to)
    tensors = load_file(adapter / "adapters.safetensors")
    made = {name: change(name, tensor) for name, tensor in tensors.items()}
    save_file(made, to / "adapters.safetensors", metadata={"format": "mlx"})
    return to


def test_f01_request_that_names_the_model(
    project: Any, shared_server: Any, caught: Caught, silent: Silent
) -> None:
    """A named model is answered by the base alone; our own requests name none."""
    url = shared_server.url
    run = project.pytest("cases.yaml", "--server-url", url, "--model", starter.model_path())
    assert run.report["adapters"][0]["attestation"]["applied"] == "unverified", run.output
    caught("F01", run.output)
    healthy = project.pytest("cases.yaml", "--server-url", url)
    assert healthy.status == 0, healthy.output
    silent(healthy.output)


def test_f02_adapter_that_is_ignored(
    *,
    project: Any,
    v3: Path,
    shared_server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caught: Caught,
    silent: Silent,
) -> None:
    """Weights that reach the server and change nothing end the run; v3 passes the same proof."""
    still = copied(v3, tmp_path / "still", lambda name, one: one * 1e-12)
    run = project.pytest("cases.yaml", "--adapter", still)
    assert (run.status, run.report) == (1, {})
    caught("F02", run.output)
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(project.root / "cache"))
    model = starter.model_path()
    key = baseline_key(fingerprint(model), template_hash(model), ServerConfig(model=model))
    base = load_baseline(key)
    assert base is not None
    healthy = attest(asyncio.run(canary_of(shared_server.url)), base.canary, base.noise)
    assert healthy.applied is Applied.YES
    silent(healthy)


def test_f03_model_that_is_not_there(
    shared_server: Any, tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """A process that runs without its adapter is not ready; one with it is."""
    config = ServerConfig(model=starter.model_path(), adapter=tmp_path / "nowhere")
    server = ManagedServer(config, log_path=tmp_path / "server.log")
    with pytest.raises(ServerError) as error:
        asyncio.run(server.start())
    caught("F03", error.value)
    assert not server.is_running
    with pytest.raises(UnansweredError, match="F03"):
        ask(shared_server.url, model="nobody/nothing")
    silent(ask(shared_server.url))


def test_f04_server_that_does_not_generate(
    shared_server: Any, caught: Caught, silent: Silent
) -> None:
    """A process that is up is not yet well; afterwards the same one is."""
    with (
        stopped(shared_server.server.pid),
        pytest.raises(ServerError) as error,
    ):
        asyncio.run(shared_server.server.health(seconds=0.3))
    caught("F04", error.value)
    silent(asyncio.run(shared_server.server.health()))


def test_f05_server_that_hangs(shared_server: Any, caught: Caught, silent: Silent) -> None:
    """A reply that does not come in time is no reply, and the case goes on."""
    with (
        stopped(shared_server.server.pid),
        pytest.raises(UnansweredError) as error,
    ):
        ask(shared_server.url, timeout=0.3)
    caught("F05", error.value)
    silent(ask(shared_server.url, timeout=60.0))


def test_f06_port_of_somebody_else(
    shared_server: Any, tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """Another server's replies are never taken for ours; a free port is ours."""
    port = int(shared_server.url.rpartition(":")[2])
    config = ServerConfig(model=starter.model_path(), port=port)
    with pytest.raises(ServerError) as error:
        asyncio.run(ManagedServer(config, log_path=tmp_path / "log").start())
    caught("F06", error.value)
    assert f"process {shared_server.server.pid}" in str(error.value)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    silent(asyncio.run(_url_of(port, tmp_path / "free.log")))


async def _url_of(port: int, log: Path) -> str:
    config = ServerConfig(model=starter.model_path(), port=port)
    async with ManagedServer(config, log_path=log) as server:
        assert server.base_url.endswith(f":{port}")
        return server.base_url


def test_f07_server_that_outlives_its_runner(
    tmp_path: Path, caught: Caught, silent: Silent
) -> None:
    """Even a server that cannot notice the end of its runner is ended by the next start."""
    command = [sys.executable, "-c", RUNNER, str(starter.model_path()), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        server = psutil.Process(int(runner.stdout.readline()))
        assert end_orphans() is None
        server.suspend()
        runner.kill()
    assert server.is_running()
    caught("F07", end_orphans())
    deadline = time.monotonic() + 10
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    silent(end_orphans())


def test_f09_adapter_of_another_base(
    v3: Path, tmp_path: Path, answering_model: Callable[..., Path], caught: Caught, silent: Silent
) -> None:
    """The base that was trained on is known by its content; that one is accepted."""
    other = answering_model(tmp_path / "other", {"hello": "Hello there."})
    with pytest.raises(ArtifactError) as error:
        resolve(v3, other)
    caught("F09", error.value)
    (healthy,) = resolve(v3, starter.model_path())
    assert healthy.manifest
    silent(healthy)


def test_f10_adapter_of_zeros(v3: Path, tmp_path: Path, caught: Caught, silent: Silent) -> None:
    """Zeros are seen before a server is started; what was trained is not zero."""
    empty = copied(
        v3,
        tmp_path / "empty",
        lambda name, one: np.zeros_like(one) if name.endswith("lora_b") else one,
    )
    with pytest.raises(ArtifactError) as error:
        resolve(empty)
    caught("F10", error.value)
    silent(resolve(v3))


def test_f66_connections_that_are_reset(
    resetting_server: Callable[..., Any], caught: Caught, silent: Silent
) -> None:
    """Closed without a byte, a request is repeated; closed for ever, it has no result."""

    async def reply(resets: Callable[[int], bool]) -> str:
        async with resetting_server(resets) as url, ChatClient(url, decode=None) as client:
            return (await client.complete(PROMPT, (), Sampling())).text

    with pytest.raises(UnansweredError) as error:
        asyncio.run(reply(lambda number: True))
    caught("F66", error.value)
    healthy = asyncio.run(reply(lambda number: number <= 2))
    assert healthy == "Hello"
    silent(healthy)


def test_f08_call_that_crashes_the_parser(
    faulty: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """The model's fault, not the server's: malformed, and the cases after it have replies."""
    assert faulty.results()["f08"]["outcome"] == "malformed"
    assert faulty.report["summary"]["base"]["overall"]["unavailable"] == 0
    caught("F08", faulty.output)
    silent(healthy.output)


def test_f67_calls_that_no_agent_gets(
    faulty: Any, healthy: Any, caught: Caught, silent: Silent
) -> None:
    """What only our own reader can read is told apart from what is handed over."""
    result = faulty.results()["f67"]
    assert (result["calls"][0]["name"], result["delivered"]) == ("read_file", False)
    caught("F67", faulty.output)
    assert healthy.report["summary"]["base"]["metrics"]["delivered_rate"] == 1.0
    silent(healthy.output)
