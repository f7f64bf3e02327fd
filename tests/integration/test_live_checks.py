"""Checks behind real servers: what is live passes, what only looks live does not."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from punie_train.checks.catalogue import Stage
from punie_train.checks.limits import CheckLimits
from punie_train.core.attestations import Applied
from punie_train.core.settings import Settings
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig
from punie_train.starter import model_path
from punie_train.workflows.check_plan import Artifact, CheckPlan, run_checks
from punie_train.workflows.check_servers import CheckServers
from punie_train.workflows.wanted import Wanted

ROOT = Path(__file__).parents[2]
V3 = ROOT / "adapters/v3"
PROBES = 3


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[CheckPlan]:
    """Return a plan with servers, in a project without cases."""
    settings = Settings(root=tmp_path, active=True)
    limits = CheckLimits(probes=PROBES)
    servers = CheckServers(settings, PROBES)
    yield CheckPlan(settings=settings, limits=limits, servers=servers)
    servers.close()


def found(plan: CheckPlan, stage: Stage, path: Path, *names: str) -> dict[str, list[str]]:
    """Return the codes that checks find."""
    results = run_checks(Artifact(stage=stage, path=path, name=path.name), names, plan)
    assert all(each.skipped is None for each in results.values())
    return {name: [code.rule.code for code in each.codes] for name, each in results.items()}


def test_one_start_serves_both_stages(plan: CheckPlan, tmp_path: Path) -> None:
    """An adapter that is live passes after training and at runtime, with one server."""
    stage, log = Stage.POST_TRAINING, tmp_path / "reports/logs/checks-v3.log"
    assert found(plan, stage, V3, "adapter-is-live", "server-loads") == {
        "adapter-is-live": [],
        "server-loads": [],
    }
    started = log.read_text().count("Starting httpd")
    assert started >= 1
    assert found(plan, Stage.RUNTIME, V3, "live-delivery", "attested") == {
        "live-delivery": [],
        "attested": [],
    }
    assert log.read_text().count("Starting httpd") == started


@pytest.mark.slow
def test_an_adapter_without_effect_is_not_live(plan: CheckPlan, tmp_path: Path) -> None:
    """F02: weights that are not zero, and change no reply."""
    faint = shutil.copytree(V3, tmp_path / "faint")
    path = faint / "adapters.safetensors"
    tensors = {
        name: tensor * np.float32(1e-9) if name.endswith("lora_b") else tensor
        for name, tensor in load_file(path).items()
    }
    save_file(tensors, path)
    assert found(plan, Stage.POST_TRAINING, faint, "weights", "adapter-is-live") == {
        "weights": [],
        "adapter-is-live": ["refused"],
    }


@pytest.mark.slow
def test_a_model_that_lost_its_end_never_stops(plan: CheckPlan, tmp_path: Path) -> None:
    """F54: the same weights with and without their end token."""
    names = ("kept-files", "generation-ends")
    whole = shutil.copytree(model_path(), tmp_path / "whole")
    endless = shutil.copytree(model_path(), tmp_path / "endless")
    for name in ("config.json", "generation_config.json"):
        values = json.loads((endless / name).read_text())
        (endless / name).write_text(json.dumps({**values, "eos_token_id": 1}))
    tokenizer = json.loads((endless / "tokenizer_config.json").read_text())
    tokenizer["eos_token"] = tokenizer["pad_token"]
    (endless / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    unknown = ["source-unknown"]
    assert found(plan, Stage.POST_FUSION, whole, *names) == {
        "kept-files": unknown,
        "generation-ends": [],
    }
    assert found(plan, Stage.POST_FUSION, endless, *names) == {
        "kept-files": unknown,
        "generation-ends": ["endless"],
    }


@pytest.mark.slow
@pytest.mark.parametrize(("adapter", "applied"), [(V3, Applied.YES), (None, Applied.NO)])
def test_a_running_server_is_attested(
    plan: CheckPlan, tmp_path: Path, adapter: Path | None, applied: Applied
) -> None:
    """F01: somebody's server with the adapter is told from one that serves the bare model."""
    config = ServerConfig(model=model_path(), adapter=adapter)
    server = ManagedServer(config, log_path=tmp_path / "theirs.log")
    with asyncio.Runner() as runner:
        runner.run(server.start())
        try:
            assert plan.servers is not None
            wanted = Wanted(name="v3", adapter=str(V3))
            attestation = plan.servers.attest_url(server.base_url, wanted, None)
        finally:
            runner.run(server.stop())
    assert attestation.applied is applied
    if adapter:
        assert "answers as v3 behind a server of ours, exactly" in attestation.reason


@pytest.mark.slow
def test_a_fresh_clone_checks_its_adapter() -> None:
    """`pytest checks -m post_training` without an option: the settings' adapter passes."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "checks", "-m", "post_training", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 passed" in done.stdout
    assert "attested: true" in done.stdout
