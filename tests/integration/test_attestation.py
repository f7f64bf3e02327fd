"""Attestation on the real server: a live adapter, one that changes nothing, one that is ignored."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.attestations import Applied
from punie_train.mlx.attestation import attest, same_server, take_canary
from punie_train.mlx.base_canary import (
    Baseline,
    baseline_key,
    find_baseline,
    load_baseline,
    take_baseline,
)
from punie_train.mlx.client import ChatClient
from punie_train.mlx.fingerprints import fingerprint, template_hash
from punie_train.mlx.raw_text import token_decoder
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig


@pytest.fixture(scope="session")
def model(scripted_model: Callable[..., Path]) -> Path:
    """Return the base model."""
    return scripted_model("I read the file for you.")


@pytest.fixture(scope="session")
def baseline(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """Return the base model's canary, from a server of its own."""
    log_path = tmp_path_factory.mktemp("base") / "server.log"

    async def take() -> Baseline:
        async with (
            ManagedServer(ServerConfig(model=model), log_path=log_path) as server,
            ChatClient(server.base_url, decode=token_decoder(model)) as client,
        ):
            return await take_baseline(client)

    return asyncio.run(take())


@pytest.mark.parametrize(
    ("strength", "named", "applied"),
    [
        pytest.param(1.0, False, Applied.YES, id="live"),
        pytest.param(0.0, False, Applied.NO, id="changes nothing (F10)"),
        pytest.param(1.0, True, Applied.NO, id="request names the model (F01)"),
    ],
)
@pytest.mark.asyncio
async def test_canary_tells_whether_the_adapter_was_live(
    *,
    model: Path,
    baseline: Baseline,
    scripted_adapter: Callable[[Path, float], Path],
    tmp_path: Path,
    strength: float,
    named: bool,
    applied: Applied,
) -> None:
    """The adapter counts as applied only when it moved the log-probabilities."""
    config = ServerConfig(model=model, adapter=scripted_adapter(model, strength))
    name = str(model) if named else None
    async with (
        ManagedServer(config, log_path=tmp_path / "adapter.log") as server,
        ChatClient(server.base_url, decode=token_decoder(model), model=name) as client,
    ):
        start = await take_canary(client)
        end = await take_canary(client)
    assert attest(start, baseline.canary, baseline.noise).applied is applied
    assert same_server(start, end, baseline.noise)


@pytest.mark.slow
@pytest.mark.asyncio
async def test_base_is_asked_once(model: Path, baseline: Baseline, tmp_path: Path) -> None:
    """The base's canary is kept: a second session starts no server for it."""
    config = ServerConfig(model=model)
    key = baseline_key(fingerprint(model), template_hash(model), config)
    assert load_baseline(key) is None
    first = await find_baseline(
        key, config, decode=token_decoder(model), log_path=tmp_path / "first.log"
    )
    second = await find_baseline(key, config, decode=None, log_path=tmp_path / "second.log")
    assert first == second == load_baseline(key) == baseline
    assert not (tmp_path / "second.log").exists()
