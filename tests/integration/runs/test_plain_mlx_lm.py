"""The two commands of docs/training.md: an adapter works in mlx-lm without this project."""

import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from punie_train.processes.ports import free_port

PAGE = Path(__file__).parents[3] / "docs/training.md"
Run = Callable[..., subprocess.CompletedProcess[str]]
PROMPT, TOKENS = "train 3", 12


def documented(name: str, base: Path, adapter: Path, port: int) -> list[str]:
    """Return a command of the page, with this test's paths and prompt in it."""
    (line,) = re.findall(rf"^    python (-m mlx_lm {name} .*)$", PAGE.read_text(), re.MULTILINE)
    words = {
        "BASE": str(base),
        "adapters/mine": str(adapter),
        "8081": str(port),
        "Show me a.py": PROMPT,
    }
    return [sys.executable, *(words.get(word, word) for word in shlex.split(line))]


def generated(command: list[str]) -> str:
    """Return what `mlx_lm generate` prints."""
    argv = [*command, "--max-tokens", str(TOKENS), "--verbose", "False"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=120)
    return done.stdout.strip()


def answered(port: int) -> str:
    """Return a server's reply to the prompt, once it is there."""
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    body = {"messages": [{"role": "user", "content": PROMPT}], "max_tokens": TOKENS}
    for _ in range(240):
        try:
            reply = httpx.post(url, json={**body, "temperature": 0}, timeout=60)
        except httpx.TransportError:
            time.sleep(0.25)
        else:
            return reply.raise_for_status().json()["choices"][0]["message"]["content"].strip()
    raise AssertionError("the server does not answer")


@pytest.mark.slow
def test_both_commands_answer_as_the_adapter(run: Run, tmp_path: Path, tiny_model: Path) -> None:
    """S12: generate and server say the same, and something else than the bare model."""
    done = run("--output", "mine", "--iters", "60", "--valid-every", "60")
    assert done.returncode == 0, done.stderr
    port = free_port("127.0.0.1")
    paths = (tiny_model, tmp_path / "mine", port)
    generate = documented("generate", *paths)
    at = generate.index("--adapter-path")
    bare, trained = generated(generate[:at] + generate[at + 2 :]), generated(generate)
    assert trained != bare
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(documented("server", *paths), stdout=log, stderr=log)
        try:
            assert answered(port) == trained
        finally:
            server.terminate()
            server.wait(30)
