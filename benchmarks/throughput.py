"""Compare the plugin with bare request loops: one run, one server, the same requests.

    uv run python benchmarks/throughput.py --requests 300

Prints seconds of each arm and the ratios that count. Ratios within one run are comparable; seconds
of different runs are not. Exits 1 when a ratio is below its bound.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from punie_train.core.sampling import Sampling
from punie_train.evals.case import Case
from punie_train.evals.case_files import load_suite
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig
from punie_train.mlx.wire import request_body
from punie_train.starter import model_path

ROOT = Path(__file__).resolve().parent.parent
CONCURRENCIES = (8, 16, 32)
ONLY_WHEN_NAMED = {"blind", "general"}
"""Suites that `pytest evals` leaves out; their short answers would be another workload."""
BOUNDS = {
    "plugin, generation phase / best bare loop": 0.90,
    "plugin, whole process / best bare loop": 0.75,
    "plugin, generation phase / one at a time": 2.5,
    "plugin, found concurrency / best fixed one": 0.90,
}
PROJECT = """[tool.pytest.ini_options]
asyncio_default_fixture_loop_scope = "function"
[tool.punie-train]
"""
FIXED_OR_FOUND = (*CONCURRENCIES, "auto")


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginTime:
    """Seconds of the generation phase and of the whole pytest process."""

    generation: float
    process: float


def main() -> int:
    """Run all arms and print the ratios of their throughputs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--adapter", type=Path, default=ROOT / "adapters" / "v3")
    options = parser.parse_args()
    return asyncio.run(compare(prompts(options.requests), options.adapter))


def prompts(count: int) -> list[Case]:
    """Return `count` single-turn cases: those of `pytest evals`, repeated with a number each."""
    shipped = [
        case
        for path in sorted((ROOT / "evals").rglob("*.yaml"))
        if path.parent.name not in ONLY_WHEN_NAMED
        for case in load_suite(path).cases
        if case.max_turns == 1 and len(case.messages) == 1
    ]
    return [shipped[index % len(shipped)] for index in range(count)]


async def compare(cases: list[Case], adapter: Path) -> int:
    """Time every arm against one server; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        config = ServerConfig(model=model_path(), adapter=adapter)
        async with ManagedServer(config, log_path=Path(folder) / "server.log") as server:
            bodies = [request_body(case.messages, case.tools, Sampling()) for case in cases]
            await bare(server.base_url, bodies, 8)  # the same warm prompt cache for every arm
            single = await bare(server.base_url, bodies, 1)
            print(f"one at a time     {single:7.1f} s", flush=True)
            loops = {}
            for concurrency in CONCURRENCIES:
                loops[concurrency] = await bare(server.base_url, bodies, concurrency)
                print(f"bare loop, {concurrency:2d}     {loops[concurrency]:7.1f} s", flush=True)
            plugins = {}
            for concurrency in FIXED_OR_FOUND:
                plugins[concurrency] = await asyncio.to_thread(
                    plugin, server.base_url, cases, concurrency, Path(folder)
                )
                print(f"plugin, {concurrency:<4}      {plugins[concurrency].process:7.1f} s, of "
                      f"which generation {plugins[concurrency].generation:.1f} s",
                      flush=True)  # fmt: skip
    found = plugins.pop("auto")
    best, mine = min(loops.values()), min(plugins.values(), key=lambda each: each.process)
    measured = (
        best / mine.generation,
        best / mine.process,
        single / mine.generation,
        min(each.generation for each in plugins.values()) / found.generation,
    )
    ratios = dict(zip(BOUNDS, measured, strict=True))
    print(f"best bare loop / one at a time: {single / best:.2f}")
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f} (at least {BOUNDS[name]:.2f})")
    return int(any(ratio < BOUNDS[name] for name, ratio in ratios.items()))


async def bare(url: str, bodies: list[dict[str, Any]], concurrency: int) -> float:
    """Return the seconds of a plain loop that keeps its connections."""
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    slots = asyncio.Semaphore(concurrency)
    async with httpx.AsyncClient(base_url=url, timeout=600, limits=limits) as client:

        async def ask(body: dict[str, Any]) -> None:
            async with slots:
                reply = await client.post("/v1/chat/completions", json=body)
                reply.raise_for_status()

        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for body in bodies:
                group.create_task(ask(body))
        return time.perf_counter() - started


def plugin(url: str, cases: list[Case], concurrency: int | str, folder: Path) -> PluginTime:
    """Return the times of pytest over the same requests, in a project of its own."""
    project = folder / f"project-{concurrency}"
    project.mkdir()
    (project / "pyproject.toml").write_text(PROJECT)
    suite = {
        "suite": "throughput",
        "cases": [
            {
                "id": f"case-{index}",
                "category": case.category,
                "prompt": case.messages[0].content,
                "expect": {"no_call": True},
            }
            for index, case in enumerate(cases)
        ],
    }
    (project / "cases.yaml").write_text(yaml.safe_dump(suite, sort_keys=False))
    report = project / "report.json"
    command = [
        sys.executable, "-m", "pytest", "cases.yaml", "-q", "--tb=no", "--server-url", url,
        "--eval-concurrency", str(concurrency), "--eval-report", str(report),
    ]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, cwd=project, stdout=subprocess.DEVNULL, check=False)
    seconds = time.perf_counter() - started
    content = json.loads(report.read_text())
    tokens = sum(result["completion_tokens"] for result in content["results"])
    (summary,) = content["summary"].values()
    return PluginTime(generation=tokens / summary["overall"]["tokens_per_second"], process=seconds)


if __name__ == "__main__":
    sys.exit(main())
