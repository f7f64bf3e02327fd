"""The failure museum: what its replays share. One model server answers most of them."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from punie_train import starter
from punie_train.core.failure_catalogue import FAILURES
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig

ROOT = Path(__file__).parents[2]
UNUSED = ("cacheprovider", "hypothesispytest", "xdist", "asyncio", "anyio")


def _caught(failure: str, said: object) -> None:
    """Assert that a message has the id and the words that the catalogue promises."""
    text = re.sub(r"\s+", " ", str(said))
    assert f"[{failure}]" in text, text
    for part in FAILURES[failure].message.split(" ... "):
        assert part in text, f"{part!r} is not in: {text}"


def _silent(said: object) -> None:
    """Assert that no failure is named."""
    assert re.search(r"\bF\d\d\b", str(said)) is None, said


@pytest.fixture(scope="session")
def caught() -> Callable[[str, object], None]:
    """Return the assertion that a failure is caught by name, in the catalogue's words."""
    return _caught


@pytest.fixture(scope="session")
def silent() -> Callable[[object], None]:
    """Return the assertion that nothing is raised."""
    return _silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one command did."""

    status: int
    output: str
    report: dict[str, Any]

    def results(self) -> dict[str, dict[str, Any]]:
        """Return the results by case."""
        return {result["case"]: result for result in self.report["results"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A directory of ours in which commands run as a user runs them; caches are its own."""

    root: Path

    def write(self, name: str, text: str) -> Path:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def _run(
        self, module: str, arguments: tuple[object, ...]
    ) -> "subprocess.CompletedProcess[str]":
        places = {
            "PUNIE_TRAIN_STATE_DIR": str(self.root / "state"),
            "PUNIE_TRAIN_CACHE_DIR": str(self.root / "cache"),
            "COLUMNS": "160",
        }
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=self.root,
            env=os.environ | places,
            capture_output=True,
            text=True,
            check=False,
        )

    def pytest(self, *arguments: object) -> Run:
        """Run pytest without others' plugins; the report is empty where none was written."""
        path = self.root / "report.json"
        path.unlink(missing_ok=True)
        fixed = [part for name in UNUSED for part in ("-p", f"no:{name}")]
        done = self._run("pytest", (*arguments, *fixed, "--eval-report", path))
        report = json.loads(path.read_text()) if path.exists() else {}
        return Run(status=done.returncode, output=done.stdout + done.stderr, report=report)

    def punie_train(self, *arguments: object) -> Run:
        """Run the command line."""
        done = self._run("punie_train", arguments)
        return Run(status=done.returncode, output=done.stdout + done.stderr, report={})


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Project]:
    """Return a function that makes a project with the given files."""

    def make(**files: str) -> Project:
        project = Project(root=tmp_path_factory.mktemp("project"))
        project.write("pyproject.toml", "[tool.pytest.ini_options]\n[tool.punie-train]\n")
        for name, text in files.items():
            project.write(f"{name}.yaml", text)
        return project

    return make


@pytest.fixture(scope="session")
def v3() -> Path:
    """Return the adapter that ships with the starter model."""
    return ROOT / "adapters" / "v3"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedServer:
    """A real model server with the starter and its adapter v3, in a loop of its own."""

    server: ManagedServer
    log: Path

    @property
    def url(self) -> str:
        """Return its URL."""
        return self.server.base_url


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory, v3: Path) -> Iterator[SharedServer]:
    """Serve the starter with v3 for all tests."""
    place = tmp_path_factory.mktemp("server")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUNIE_TRAIN_STATE_DIR", str(place / "state"))
        config = ServerConfig(model=starter.model_path(), adapter=v3)
        server = ManagedServer(config, log_path=place / "server.log")
        asyncio.run(server.start())
    try:
        yield SharedServer(server=server, log=place / "server.log")
    finally:
        asyncio.run(server.stop())


@pytest.fixture(scope="session")
def resetting_server() -> Callable[[Callable[[int], bool]], Any]:
    """Return a context manager: a server that resets the requests of certain numbers, from 1."""

    @asynccontextmanager
    async def serve(resets: Callable[[int], bool]) -> AsyncGenerator[str]:
        seen = 0

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal seen
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = re.search(r"content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            seen += 1
            if not resets(seen):
                choice = {"message": {"content": "Hello"}, "finish_reason": "stop"}
                body = json.dumps({"choices": [choice], "usage": {}}).encode()
                writer.write(b"HTTP/1.0 200 X\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
            writer.close()

        listening = await asyncio.start_server(handle, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        finally:
            listening.close()

    return serve


def _call(name: str, **arguments: Any) -> str:
    body = json.dumps({"name": name, "arguments": arguments})
    return f"<tool_call>\n{body}\n</tool_call>"


def _code(*lines: str) -> str:
    return _call("execute_code", code="\n".join(lines))


ANSWERS = {
    "hello": "Ruff is a linter, and it is written in Rust.",
    "read": _call("read_file", path="docs/intro.md"),
    "code": _code('found = ruff_check("src/app.py")', "print(found.fixable_count)"),
    "f08": '<tool_call>\n{"name": "read_file", "path": "docs/f08.md"}\n</tool_call>',
    "f11": '<tool_call>\n{"name": "read_file", "arguments": {"path": "docs/f11.md"\n</tool_call>',
    "f12": _code('answer = ruff_check("src/f12.py")', "print(answer)"),
    "f13": f"{_call('read_file', path='docs/f13.md')} and {_call('run_command', command='rm x')}",
    "f16": "You ask me about the weather that Lisbon has today.",
    "f18": _code(
        'result = ruff_check("src/f18.py")',
        "# the fixable_count is what is asked for",
        'print("fixable_count", result.success)',
    ),
    "f19": " ".join(f"number {number} of a list," for number in range(60)),
    "f60": "<img src=x onerror=\"document.title='owned'\"><script>alert(60)</script>\x1b[31mred",
    "f64": _code(
        "import subprocess",
        'subprocess.run(["touch", "owned.txt"])',
        'checked = ruff_check("src/f64.py")',
        "print(checked.fixable_count)",
    ),
    "f67": "<tool_call>\n<function=read_file>\n<parameter=path>\ndocs/f67.md\n</parameter>\n"
    "</function>\n</tool_call>",
}
HEALTHY = """suite: museum
defaults: {category: general}
cases:
  - {id: hello, prompt: "What is Ruff? <|hello|>", expect: {keywords: [rust]}}
  - {id: read, prompt: "Read docs/intro.md. <|read|>",
     expect: {calls: [{read_file: {path: docs/intro.md}}]}}
  - {id: code, prompt: "What can ruff repair in src/app.py? <|code|>",
     expect: {code: [{ruff_check: {path: src/app.py}}], fields: [ruff_check.fixable_count]}}
"""
FAULTY = """suite: museum
defaults: {category: general}
cases:
  - {id: f08, prompt: "Read docs/f08.md. <|f08|>",
     expect: {calls: [{read_file: {path: docs/f08.md}}]}}
  - {id: f11, prompt: "Read docs/f11.md. <|f11|>",
     expect: {calls: [{read_file: {path: docs/f11.md}}]}}
  - {id: f12, prompt: "What can ruff repair in src/f12.py? <|f12|>",
     expect: {code: [{ruff_check: {path: src/f12.py}}], fields: [ruff_check.fixable_count]}}
  - {id: f13, prompt: "Read docs/f13.md. <|f13|>",
     expect: {calls: [{read_file: {path: docs/f13.md}}]}}
  - {id: f16, prompt: "What is the weather that Lisbon has today? <|f16|>",
     expect: {keywords: [lisbon]}}
  - {id: f18, prompt: "What can ruff repair in src/f18.py? <|f18|>",
     expect: {code: [{ruff_check: {path: src/f18.py}}], fields: [ruff_check.fixable_count]}}
  - {id: f19, prompt: "Count. <|f19|>", expect: {keywords: ["number 59"]}}
  - {id: f60, prompt: "Say hello. <|f60|>", expect: {keywords: [hello]}}
  - {id: f64, prompt: "What can ruff repair in src/f64.py? <|f64|>",
     expect: {code: [{ruff_check: {path: src/f64.py}}], fields: [ruff_check.fixable_count]}}
  - {id: f67, prompt: "Read docs/f67.md. <|f67|>",
     expect: {calls: [{read_file: {path: docs/f67.md}}]}}
"""


@pytest.fixture(scope="session")
def museum(
    make_project: Callable[..., Project],
    answering_model: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """Return a project whose model has an answer for each failure, and healthy ones."""
    model = answering_model(tmp_path_factory.mktemp("models") / "museum", ANSWERS)
    project = make_project(healthy=HEALTHY, faulty=FAULTY)
    project.write("pyproject.toml", f"[tool.punie-train]\nmodel = {json.dumps(str(model))}\n")
    return project


@pytest.fixture(scope="session")
def healthy(museum: Project) -> Run:
    """Return the run whose cases all pass; its report stays as healthy.json."""
    run = museum.pytest("healthy.yaml", "--html=healthy.html", "--eval-fail-under", "0.9")
    museum.write("healthy.json", json.dumps(run.report))
    return run


@pytest.fixture(scope="session")
def faulty(museum: Project) -> Run:
    """Return the run in which every case shows a failure."""
    return museum.pytest(
        "faulty.yaml", "--html=faulty.html", "--eval-max-tokens", 100, "--eval-fail-under", "0.9"
    )


@pytest.fixture(scope="session")
def museum_adapter(
    museum: Project, noisy_adapter: Callable[[Path, Path, float], Path]
) -> Callable[[Path, float], Path]:
    """Return a function that writes an adapter of the museum's model, of a strength.

    0.01 can be measured and changes no reply, 30 changes them all.
    """
    settings = (museum.root / "pyproject.toml").read_text()
    return partial(noisy_adapter, Path(json.loads(settings.rpartition("model = ")[2])))


@pytest.fixture(scope="session")
def compared(museum: Project, healthy: Run) -> Run:
    """Return the healthy run beside its own report as the baseline."""
    options = ("--eval-baseline", museum.root / "healthy.json", "--eval-max-drop", "0.99")
    return museum.pytest("healthy.yaml", *options)
