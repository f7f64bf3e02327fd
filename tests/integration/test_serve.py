"""`punie-train serve` with the real mlx-lm: one set of weights, whatever the agent asks for."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from typer.testing import CliRunner

from punie_train import starter
from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError, AttestationError, ServerError
from punie_train.processes.ports import answers

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
PATIENCE = 90.0
TALK = [{"role": "user", "content": "What is the difference between a list and a tuple?"}]
JSON_CALL = '<tool_call>\n{"name": "read_file", "arguments": {"path": "notes.md"}}\n</tool_call>'


@dataclass(slots=True)
class Served:
    """A running `punie-train serve`: its process, what it said when it was ready, its errors."""

    process: "subprocess.Popen[str]"
    told: dict[str, Any]
    errors: Path

    @property
    def url(self) -> str:
        """Return the base URL of the agent."""
        return self.told["base_url"]

    @property
    def upstream(self) -> psutil.Process:
        """Return the model server behind the door."""
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def ask(self, **body: Any) -> httpx.Response:
        """Ask for a chat completion."""
        wanted = {"messages": TALK, "max_tokens": 24, **body}
        return httpx.post(f"{self.url}/chat/completions", json=wanted, timeout=PATIENCE)


@contextmanager
def serving(place: Path, *options: str) -> Generator[Served]:
    """Start the command as a user does and wait until it says that it is ready."""
    environment = {
        **os.environ,
        "PUNIE_TRAIN_STATE_DIR": str(place / "state"),
        "PUNIE_TRAIN_CACHE_DIR": str(place / "cache"),
    }
    command = [sys.executable, "-m", "punie_train", "serve", "--json", "--port", "0", *options]
    errors = place / "errors.txt"
    with (
        errors.open("w") as sink,
        subprocess.Popen(
            command, cwd=place, stdout=subprocess.PIPE, stderr=sink, text=True, env=environment
        ) as process,
    ):
        try:
            assert process.stdout is not None
            readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
            line = process.stdout.readline() if readable else ""
            assert line, f"it is not ready: {errors.read_text()}"
            yield Served(process, json.loads(line), errors)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_until(happened: Callable[[], Any]) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def direct(served: Served, **body: Any) -> str:
    """Ask the model server itself, past the door."""
    arguments = served.upstream.cmdline()
    url = f"http://127.0.0.1:{arguments[arguments.index('--port') + 1]}/v1/chat/completions"
    wanted = {"messages": TALK, "max_tokens": 24, **body}
    reply = httpx.post(url, json=wanted, timeout=PATIENCE).json()
    return reply["choices"][0]["message"]["content"]


def streamed(reply: httpx.Response) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the calls of a streamed reply that ends as it should."""
    events = [line for line in reply.text.split("\n\n") if line.startswith("data: ")]
    assert events.pop() == "data: [DONE]"
    deltas = [json.loads(event[6:])["choices"][0]["delta"] for event in events]
    calls = [call for delta in deltas for call in delta.get("tool_calls") or ()]
    return "".join(delta.get("content") or "" for delta in deltas), calls


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory, starter_adapter: Callable[..., Path]) -> Path:
    """Return an adapter of the starter that changes every reply."""
    return starter_adapter(tmp_path_factory.mktemp("adapters") / "changed")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, adapter: Path) -> Iterator[Served]:
    """Serve the starter with that adapter."""
    with serving(tmp_path_factory.mktemp("serve"), "--adapter", str(adapter)) as running:
        yield running


@pytest.fixture(scope="module")
def texts(served: Served) -> tuple[str, str]:
    """Return the reply of base and adapter, and that of the base alone."""
    both, base = direct(served), direct(served, model=str(starter.model_path()))
    assert both != base
    return both, base


NAMES = {
    "nothing": {},
    "null": {"model": None},
    "empty": {"model": ""},
    "default": {"model": "default"},
    "default_model": {"model": "default_model"},
    "gpt-4": {"model": "gpt-4"},
    "a repository": {"model": "mlx-community/Qwen3-0.6B-4bit"},
    "the base's path": {"model": str(starter.model_path())},
    "the adapter's path": {"model": "ADAPTER"},
    "the name that is listed": {"model": "changed"},
    "other weights": {"model": "m", "adapters": "/nowhere", "draft_model": "d"},
}


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("chooses", NAMES.values(), ids=NAMES.keys())
def test_base_and_adapter_answer(
    *,
    served: Served,
    adapter: Path,
    texts: tuple[str, str],
    chooses: dict[str, Any],
    stream: bool,
) -> None:
    """Whatever the agent calls the model, and the weights stay loaded."""
    if chooses.get("model") == "ADAPTER":
        chooses = {"model": str(adapter)}
    reply = served.ask(stream=stream, **chooses)
    assert reply.status_code == 200, reply.text
    if stream:
        assert reply.headers["content-type"] == "text/event-stream"
        assert streamed(reply)[0] == texts[0]
    else:
        assert reply.json()["choices"][0]["message"]["content"] == texts[0]


def test_it_says_what_was_proven(served: Served, adapter: Path) -> None:
    """For a program, in the line that means it is ready."""
    told = served.told
    assert (told["applied"], told["adapter"], told["name"]) == ("true", str(adapter), "changed")
    assert told["calls"]["asked"] == 4


def test_health_and_models(served: Served) -> None:
    """The one model that is served, and whether it is well."""
    health = httpx.get(served.told["health_url"])
    assert (health.status_code, health.json()["status"]) == (200, "ok")
    listed = httpx.get(f"{served.url}/models").json()["data"]
    assert [each["id"] for each in listed] == ["changed"]


@pytest.mark.parametrize(
    ("body", "words"),
    [({"top_p": 7}, "top_p must be at most 1"), ({"messages": None}, "did not contain messages")],
)
def test_errors_of_the_server_reach_the_agent(
    served: Served, body: dict[str, Any], words: str
) -> None:
    """Its status and its words; without the fault the same request is answered."""
    refused = served.ask(**body)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert served.ask(top_p=0.5).status_code == 200


def test_what_the_server_does_not_know_is_404(served: Served) -> None:
    """As the server says it."""
    assert httpx.post(f"{served.url}/responses", json={}).status_code == 404


def test_calls_reach_the_agent(tmp_path: Path, scripted_model: Callable[..., Path]) -> None:
    """A model whose template fits what it writes is served, and its calls are handed over."""
    model = scripted_model(JSON_CALL, json_calls=True)
    with serving(tmp_path, "--model", str(model)) as running:
        assert running.told["calls"] == {"asked": 4, "written": 4, "delivered": 4}
        (in_pieces,) = streamed(running.ask(stream=True, max_tokens=200))[1]
        whole = running.ask(max_tokens=200).json()["choices"][0]["message"]
    for call in (in_pieces, *whole["tool_calls"]):
        assert json.loads(call["function"]["arguments"]) == {"path": "notes.md"}


def test_calls_that_the_server_drops_are_refused(
    tmp_path: Path, scripted_model: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent would wait for them for ever (F67)."""
    monkeypatch.chdir(tmp_path)  # away from this repository's settings, which name an adapter
    model = scripted_model(JSON_CALL, json_calls=False)
    error = RUNNER.invoke(app, ["serve", "--model", str(model), "--port", "0"]).exception
    assert isinstance(error, ArtifactError)
    assert error.failure == "F67"
    assert "4 of 4 replies (hermes-json)" in str(error)
    assert "read qwen3-coder-xml" in str(error)


@pytest.mark.slow
def test_adapter_that_changes_nothing_is_refused(
    tmp_path: Path, starter_adapter: Callable[..., Path]
) -> None:
    """An agent would talk to the base and think otherwise (F02)."""
    still = starter_adapter(tmp_path / "still", strength=1e-9)
    error = RUNNER.invoke(app, ["serve", "--adapter", str(still), "--port", "0"]).exception
    assert isinstance(error, AttestationError)
    assert error.failure == "F02"
    assert "an agent would talk to the base model" in str(error)


def test_taken_port_is_one_message() -> None:
    """Who has it, before anything is loaded (F06)."""
    with closing(socket.create_server(("127.0.0.1", 0))) as holder:
        port = holder.getsockname()[1]
        error = RUNNER.invoke(app, ["serve", "--port", str(port)]).exception
    assert isinstance(error, ServerError)
    assert str(error).startswith(f"Port {port} of 127.0.0.1 is taken by process {os.getpid()}")
    assert error.failure == "F06"


def test_place_of_another_machine_is_refused() -> None:
    """The system's reason is in the message."""
    error = RUNNER.invoke(app, ["serve", "--host", "192.0.2.1"]).exception
    assert isinstance(error, ServerError)
    assert "192.0.2.1:8080 cannot be listened on" in str(error)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, id="SIGTERM", marks=pytest.mark.slow),
    ],
)
def test_stops_cleanly(
    tmp_path: Path, scripted_model: Callable[..., Path], number: signal.Signals
) -> None:
    """Status 0, no process, no listener, no record, no traceback, even while it replies."""
    words = " ".join(f"word{count}" for count in range(60))
    with serving(tmp_path, "--model", str(scripted_model(words))) as running:
        upstream, port = running.upstream, httpx.URL(running.url).port
        assert port is not None
        assert answers("127.0.0.1", port)
        with httpx.stream(
            "POST", f"{running.url}/chat/completions", json={"messages": TALK, "stream": True}
        ) as reply:
            next(reply.iter_bytes())
            running.process.send_signal(number)
            assert running.process.wait(PATIENCE) == 0
        errors = running.errors.read_text()
    assert not upstream.is_running()
    assert not answers("127.0.0.1", port)
    assert list((tmp_path / "state" / "processes").iterdir()) == []
    assert errors.splitlines()[-1] == "Stopped."
    assert "Traceback" not in errors


def test_stopped_while_it_loads(tmp_path: Path, scripted_model: Callable[..., Path]) -> None:
    """Nothing was served, and the status says so; nothing is left."""
    environment = {**os.environ, "PUNIE_TRAIN_STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-m", "punie_train", "serve", "--port", "0"]
    command += ["--model", str(scripted_model("Hello there, whoever you are."))]
    records = tmp_path / "state" / "processes"
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_until(lambda: records.is_dir() and list(records.iterdir()))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert errors.splitlines()[-1] == "Stopped before it was ready."
    assert "Traceback" not in errors
    assert list(records.iterdir()) == []


@pytest.mark.slow
def test_dead_model_server_is_started_again_once(
    tmp_path: Path, scripted_model: Callable[..., Path]
) -> None:
    """The agent's next request is answered; the second death ends it, in words."""
    with serving(tmp_path, "--model", str(scripted_model("I am here."))) as running:
        first = running.upstream
        first.kill()
        reply = running.ask()
        assert reply.status_code == 200, reply.text
        assert reply.json()["choices"][0]["message"]["content"] == "I am here."
        wait_until(lambda: "was started again" in running.errors.read_text())
        second = running.upstream
        assert second.pid != first.pid
        assert running.process.poll() is None
        second.kill()
        assert running.process.wait(PATIENCE) == 3
        errors = running.errors.read_text()
    assert "died again after a restart" in errors
    assert "serving ends" in errors
    assert "Traceback" not in errors
    assert list((tmp_path / "state" / "processes").iterdir()) == []


def test_words_of_a_user(tmp_path: Path, scripted_model: Callable[..., Path]) -> None:
    """Without --json it prints what an agent must be told, and warns of an open door."""
    model = scripted_model("Nothing to call.")
    environment = {**os.environ, "PUNIE_TRAIN_STATE_DIR": str(tmp_path), "COLUMNS": "200"}
    command = [sys.executable, "-m", "punie_train", "serve", "--port", "0", "--host", "0.0.0.0"]  # noqa: S104
    with subprocess.Popen(
        [*command, "--model", str(model)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Stop it with Ctrl-C." not in said and (line := process.stdout.readline()):
            said += line
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert "base URL  http://127.0.0.1:" in said
    assert "API key   any text" in said
    assert "model     any name" in said
    assert "/health" in said
    assert "whoever reaches this machine can ask" in errors
