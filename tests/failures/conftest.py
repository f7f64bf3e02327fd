"""The failure museum: what its replays share. One model server answers most of them."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from punie_train import starter
from punie_train.core.failure_catalogue import FAILURES
from punie_train.mlx.server import ManagedServer
from punie_train.mlx.server_config import ServerConfig

ROOT = Path(__file__).parents[2]
END = "<|end|>"
MARKS = ("<tool_call>", "</tool_call>")
PIECE = 10
MEMORY = 8.0
XML_TEMPLATE = (
    "{%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}"
    "{%- for message in messages %}{{ message.content }}{% endfor %}"
    "{# <tool_call>\n<function= #}"
)


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


def _pieces(text: str, used: set[str]) -> list[str]:
    """Cut a text so that markers stand alone and no other piece occurs twice anywhere."""
    pieces: list[str] = []
    for part in filter(None, re.split(r"(</?tool_call>)", text)):
        if part in MARKS:
            pieces.append(part)
            continue
        piece = ""
        for character in part:
            piece += character
            if len(piece) >= PIECE and piece not in used:
                pieces.append(piece)
                used.add(piece)
                piece = ""
        if piece:
            assert piece not in used, f"{piece!r} occurs twice: change a text a little"
            pieces.append(piece)
            used.add(piece)
    return pieces


def _answering_model(directory: Path, answers: Mapping[str, str]) -> Path:
    """Write a model that answers a prompt which ends with `<|key|>` with that key's text.

    The next token follows from the last one; after `<tool_call>` and `</tool_call>`, which stand in
    many texts, from what came before them, which attention remembers.
    """
    used: set[str] = set()
    chains = {f"<|{key}|>": _pieces(text, used) for key, text in answers.items()}
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END, *MARKS, *chains])
    tokenizer.add_tokens([AddedToken(p, special=False, normalized=False) for p in sorted(used)])
    directory.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(directory / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}
    (directory / "tokenizer_config.json").write_text(
        json.dumps(settings | {"clean_up_tokenization_spaces": False, "model_max_length": 4096})
    )
    (directory / "chat_template.jinja").write_text(XML_TEMPLATE)
    known = tokenizer.get_vocab()
    steps, memories = _steps(chains)
    states = {token: place for place, token in enumerate(dict.fromkeys(step[0] for step in steps))}
    width = 64 * (1 + (len(states) + len(memories)) // 64)
    size = tokenizer.get_vocab_size()
    inputs, outputs = np.zeros((size, width)), np.zeros((size, width))
    value = np.zeros((width, width))
    for token, following in steps:
        inputs[known[token], states[token]] = 1.0
        outputs[known[following], states[token]] = 1.0
    for place, (before, following, turn) in enumerate(memories, start=len(states)):
        value[place, states[before]] = MEMORY / np.sqrt(width)
        outputs[known[following], place] = turn
    _write_network(directory, inputs, outputs, value, known[END])
    return directory


def _steps(
    chains: Mapping[str, list[str]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str, int]]]:
    """Return pairs of tokens, and what to remember: the token before a marker, after it, turn."""
    steps, memories = [], []
    for start, pieces in chains.items():
        tokens = [start, *pieces, END]
        turns = dict.fromkeys(MARKS, 0)
        for before, token, following in zip(["", *tokens], tokens, tokens[1:], strict=False):
            steps.append((token, following))
            if token in MARKS:
                turns[token] += 1
                memories.append((before, following, turns[token]))
    return steps, memories


def _write_network(
    directory: Path, inputs: np.ndarray, outputs: np.ndarray, value: np.ndarray, end: int
) -> None:
    size, width = inputs.shape
    zeros, ones, layer = np.zeros((width, width)), np.ones(width), "model.layers.0."
    weights = {
        "model.embed_tokens.weight": inputs,
        "lm_head.weight": outputs,
        "model.norm.weight": ones,
        layer + "input_layernorm.weight": ones,
        layer + "post_attention_layernorm.weight": ones,
        layer + "self_attn.q_norm.weight": ones,
        layer + "self_attn.k_norm.weight": ones,
        layer + "self_attn.q_proj.weight": zeros,
        layer + "self_attn.k_proj.weight": zeros,
        layer + "self_attn.v_proj.weight": value,
        layer + "self_attn.o_proj.weight": np.eye(width),
        **{f"{layer}mlp.{name}_proj.weight": zeros for name in ("gate", "up", "down")},
    }
    floats = {name: tensor.astype(np.float32) for name, tensor in weights.items()}
    save_file(floats, directory / "model.safetensors", metadata={"format": "pt"})
    config = {
        "model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "hidden_size": width,
        "num_hidden_layers": 1, "intermediate_size": width, "num_attention_heads": 1,
        "num_key_value_heads": 1, "head_dim": width, "rms_norm_eps": 1e-6, "vocab_size": size,
        "max_position_embeddings": 4096, "rope_theta": 10000.0, "tie_word_embeddings": False,
        "eos_token_id": end,
    }  # fmt: skip
    (directory / "config.json").write_text(json.dumps(config))


@pytest.fixture(scope="session")
def answering_model() -> Callable[[Path, Mapping[str, str]], Path]:
    """Return the function that makes a model which knows its answers by heart."""
    return _answering_model


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

    def _run(self, module: str, arguments: tuple[object, ...]) -> "subprocess.CompletedProcess[str]":
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
        """Run pytest; the report is empty where none was written."""
        path = self.root / "report.json"
        path.unlink(missing_ok=True)
        done = self._run("pytest", (*arguments, "-p", "no:cacheprovider", "--eval-report", path))
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
def resetting_server() -> Callable[[int], Any]:
    """Return a context manager: a server that closes its first connections without a byte."""

    @asynccontextmanager
    async def serve(resets: int) -> AsyncGenerator[str]:
        seen = 0

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal seen
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = re.search(r"content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            seen += 1
            if seen > resets:
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
