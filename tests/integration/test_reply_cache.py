"""A second evaluation of the same thing is answered from the cache, and only of the same thing."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig

TEXT = "I read the file for you."
CASES = """suite: demo
cases:
  - {id: right, category: general, prompt: Read a.md, expect: {keywords: [[file]]}}
  - {id: wrong, category: general, prompt: Read b.md, expect: {keywords: [[absent]]}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one pytest process did; `servers` counts the logs of the servers it started."""

    status: int
    output: str
    report: dict[str, Any]
    servers: int

    @property
    def cached(self) -> int:
        """Return how many replies came from the cache."""
        return sum(self.report["cached"].values())

    @property
    def attestation(self) -> dict[str, Any]:
        """Return that of the only adapter."""
        (adapter,) = self.report["adapters"]
        return adapter["attestation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory with settings, a model, an adapter and two cases."""

    root: Path
    model: Path
    adapter: Path
    cache: Path

    def run(self, *arguments: str) -> Run:
        """Run pytest there and return what it did."""
        before = len(self._logs())
        done = subprocess.run(
            [
                sys.executable, "-m", "pytest", "evals", "--model", str(self.model),
                "--eval-report", "report.json", *arguments,
            ],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        output = done.stdout + done.stderr
        assert (self.root / "report.json").exists(), output
        return Run(
            status=done.returncode,
            output=output,
            report=json.loads((self.root / "report.json").read_text()),
            servers=len(self._logs()) - before,
        )

    def _logs(self) -> list[Path]:
        return list((self.root / "logs").glob("*.log"))


@pytest.fixture
def project(
    tmp_path: Path,
    scripted_model: Callable[..., Path],
    scripted_adapter: Callable[[Path, float], Path],
) -> Project:
    """Return a project whose model answers every prompt with the same sentence."""
    model = scripted_model(TEXT)
    root = tmp_path / "project"
    (root / "evals").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n[tool.punie-train]\n")
    (root / "evals" / "cases.yaml").write_text(CASES)
    return Project(
        root=root,
        model=model,
        adapter=scripted_adapter(model, 0.3),
        cache=tmp_path / "cache" / "replies" / "replies.sqlite",
    )


def test_second_run_starts_no_server(project: Project) -> None:
    """Every result is the same, the attestation that of the first run, and no speed is told."""
    first = project.run("--adapter", str(project.adapter))
    assert (first.cached, first.servers) == (0, 1)
    second = project.run("--adapter", str(project.adapter))
    assert (second.cached, second.servers) == (2, 0)
    assert (second.status, second.report["results"]) == (first.status, first.report["results"])
    assert second.attestation["applied"] is True
    words = f"replies from the cache, attested by run {first.report['run']}"
    assert second.attestation["reason"].startswith(words)
    assert "2 of 2 replies came from the cache" in second.output
    speeds = [
        next(iter(run.report["summary"].values()))["overall"]["tokens_per_second"]
        for run in (first, second)
    ]
    assert speeds[0] > 0
    assert speeds[1] is None
    third = project.run("--adapter", str(project.adapter), "--no-eval-cache")
    assert (third.cached, third.servers) == (0, 1)


@pytest.mark.slow
def test_retrained_adapter_in_the_same_place_is_asked(project: Project) -> None:
    """One changed weight is another adapter; the old one still knows its replies."""
    project.run("--adapter", str(project.adapter))
    weights = project.adapter / "adapters.safetensors"
    before = weights.read_bytes()
    changed = load_file(weights)
    next(iter(changed.values()))[0, 0] += 0.5
    save_file(changed, weights, metadata={"format": "mlx"})
    retrained = project.run("--adapter", str(project.adapter))
    assert (retrained.cached, retrained.servers) == (0, 1)
    weights.write_bytes(before)
    assert project.run("--adapter", str(project.adapter)).cached == 2


@pytest.mark.slow
def test_only_what_changed_is_asked(project: Project) -> None:
    """Another prompt is asked alone; another expectation is scored without asking."""
    project.run()
    cases = project.root / "evals" / "cases.yaml"
    cases.write_text(CASES.replace("absent", "you"))
    other = project.run()
    assert (other.cached, other.servers, other.status) == (2, 0, 0)
    cases.write_text(CASES.replace("b.md", "c.md"))
    asked = project.run()
    assert (asked.cached, asked.servers) == (1, 1)
    assert "the bare model; 1 of 2 replies from the cache" in asked.attestation["reason"]


@pytest.mark.slow
def test_functions_ask_the_live_model(project: Project) -> None:
    """Their replies are never kept; the cases beside them are."""
    (project.root / "evals" / "test_free.py").write_text(
        "async def test_reads(model): assert (await model.ask('Read a.md')).text\n"
    )
    assert project.run().cached == 0
    second = project.run()
    assert (second.cached, second.servers) == (2, 1)
    assert len(second.report["results"]) == 3


@pytest.mark.slow
def test_corrupt_entry_is_named_and_asked_again(project: Project) -> None:
    """One line says which, and the results are the same."""
    first = project.run()
    with closing(sqlite3.connect(project.cache)) as base, base:
        base.execute(
            "UPDATE replies SET value = replace(value, 'read', 'ate') "
            "WHERE key = (SELECT min(key) FROM replies)"
        )
    second = project.run()
    assert (second.cached, second.servers) == (1, 1)
    assert second.output.count("a corrupt entry (demo::") == 1
    replies = [[each["reply"] for each in run.report["results"]] for run in (first, second)]
    assert replies[0] == replies[1] == [TEXT, TEXT]
    assert project.run().cached == 2


@pytest.mark.slow
def test_corrupt_file_is_named_and_the_run_goes_on(project: Project) -> None:
    """Nothing else is different from a first run."""
    project.cache.parent.mkdir(parents=True)
    project.cache.write_bytes(b"this is no database" * 100)
    run = project.run()
    assert (run.cached, run.servers, run.status) == (0, 1, 1)
    assert run.output.count("this run goes on without") == 1
    assert "Traceback" not in run.output


@pytest.mark.slow
@pytest.mark.asyncio
async def test_server_of_somebody_else_is_cached_only_on_demand(project: Project) -> None:
    """Its weights may change unseen: only who names a cache gets old replies."""
    log_path = project.root / "server.log"
    async with ManagedServer(ServerConfig(model=project.model), log_path=log_path) as server:
        url = ("--server-url", server.base_url)
        kept = (*url, "--eval-cache", "own")
        runs = [await asyncio.to_thread(project.run, *each) for each in (url, url, kept)]
    assert [run.cached for run in runs] == [0, 0, 0]
    after = await asyncio.to_thread(project.run, *kept)
    assert after.cached == 2
    assert after.attestation["applied"] == "unverified"
    assert not project.cache.exists()


@pytest.mark.slow
def test_500_known_cases_take_less_than_3_seconds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole process, once Python has compiled what it imports.

    Processor time is counted: the process waits for nothing, and a busy machine adds to the clock.
    """
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(project.root / "pyc"))
    (project.root / "evals" / "cases.yaml").write_text(
        "suite: many\ncases:\n"
        + "".join(
            f"  - {{id: case-{number}, category: general, prompt: 'Read {number}.md', "
            "expect: {keywords: [[file]]}}\n"
            for number in range(500)
        )
    )
    assert project.run("--adapter", str(project.adapter)).status == 0
    times = []
    for _ in range(3):
        before = os.times()
        run = project.run("--adapter", str(project.adapter))
        after = os.times()
        times.append(
            after.children_user
            + after.children_system
            - before.children_user
            - before.children_system
        )
        assert (run.cached, run.servers) == (500, 0)
    assert 0 < min(times) < 3.0, times
