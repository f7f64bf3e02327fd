"""Models that say exactly what a test wants, served by the real mlx-lm."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

START, END = "<|start|>", "<|end|>"
XML_TEMPLATE = "<tool_call>\n<function="
JSON_TEMPLATE = "<tool_call> tool_call.name"


def _pieces(text: str) -> list[str]:
    """Cut a text so that markers stand alone and no piece occurs twice."""
    parts = [part for part in re.split(r"(</?tool_call>)", text) if part]
    pieces: list[str] = []
    for part in parts:
        if part.startswith(("<tool_call", "</tool_call")):
            pieces.append(part)
            continue
        piece = ""
        for character in part:
            piece += character
            if len(piece) >= 4 and piece not in pieces:
                pieces.append(piece)
                piece = ""
        if piece:
            pieces.append(piece)
    assert len(set(pieces)) == len(pieces), "a piece occurs twice; change the text a little"
    return pieces


def _write_tokenizer(directory: Path, pieces: list[str], marker: str) -> Tokenizer:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: index for index, letter in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([START, END, "<tool_call>", "</tool_call>"])
    tokenizer.add_tokens([AddedToken(piece, special=False, normalized=False) for piece in pieces])
    tokenizer.save(str(directory / "tokenizer.json"))
    configuration = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 4096,
    }
    (directory / "tokenizer_config.json").write_text(json.dumps(configuration))
    template = (
        "{%- for message in messages %}{{ message.content }}{% endfor %}"
        "{%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}"
        + START
        + "{# "
        + marker
        + " #}"
    )
    (directory / "chat_template.jinja").write_text(template)
    return tokenizer


def _write_weights(directory: Path, chain: list[int], vocabulary: int) -> None:
    """Write a network whose next token depends on the last one only: a chain of tokens."""
    width = 64 * (1 + len(chain) // 64)
    inputs = np.zeros((vocabulary, width), np.float32)
    outputs = np.zeros((vocabulary, width), np.float32)
    for state, (token, following) in enumerate(pairwise(chain)):
        inputs[token, state] = 1.0
        outputs[following, state] = 1.0
    square, ones = np.zeros((width, width), np.float32), np.ones(width, np.float32)
    layer = "model.layers.0."
    weights = {
        "model.embed_tokens.weight": inputs,
        "lm_head.weight": outputs,
        "model.norm.weight": ones,
        layer + "input_layernorm.weight": ones,
        layer + "post_attention_layernorm.weight": ones,
        layer + "self_attn.q_norm.weight": ones,
        layer + "self_attn.k_norm.weight": ones,
        layer + "self_attn.o_proj.weight": np.eye(width, dtype=np.float32),
        **{f"{layer}self_attn.{name}_proj.weight": square for name in "qkv"},
        **{f"{layer}mlp.{name}_proj.weight": square for name in ("gate", "up", "down")},
    }
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    config = {
        "model_type": "qwen3",
        "architectures": ["Qwen3ForCausalLM"],
        "hidden_size": width,
        "num_hidden_layers": 1,
        "intermediate_size": width,
        "num_attention_heads": 1,
        "num_key_value_heads": 1,
        "head_dim": width,
        "rms_norm_eps": 1e-6,
        "vocab_size": vocabulary,
        "max_position_embeddings": 4096,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "eos_token_id": chain[-1],
    }
    (directory / "config.json").write_text(json.dumps(config))


ScriptedModel = Callable[..., Path]


@pytest.fixture(scope="session")
def scripted_model(tmp_path_factory: pytest.TempPathFactory) -> ScriptedModel:
    """Return a function that makes a model which answers every prompt with one given text."""

    def make(text: str, *, json_calls: bool = False) -> Path:
        directory = tmp_path_factory.mktemp("model")
        pieces = _pieces(text)
        marker = JSON_TEMPLATE if json_calls else XML_TEMPLATE
        tokenizer = _write_tokenizer(directory, pieces, marker)
        known = tokenizer.get_vocab()
        tokens = [known[piece] for piece in (START, *pieces, END)]
        _write_weights(directory, tokens, tokenizer.get_vocab_size())
        return directory

    return make


@pytest.fixture(scope="session")
def scripted_adapter(
    tmp_path_factory: pytest.TempPathFactory, noisy_adapter: Callable[[Path, Path, float], Path]
) -> Callable[[Path, float], Path]:
    """Return a function that makes an adapter of a model; `strength` 0.0 changes nothing."""

    def make(model: Path, strength: float) -> Path:
        return noisy_adapter(model, tmp_path_factory.mktemp("adapter"), strength)

    return make


@pytest.fixture
def project_of(tmp_path: Path, scripted_model: ScriptedModel) -> Callable[[int], Path]:
    """Return a function that makes a project with so many cases, to be stopped in the middle of."""

    def make(cases: int) -> Path:
        root = tmp_path / "project"
        root.mkdir()
        model = scripted_model(" ".join(f"word{number}" for number in range(40)))
        (root / "pyproject.toml").write_text(
            f"[tool.punie-train]\nmodel = {json.dumps(str(model))}\n"
        )
        lines = (
            f"  - {{id: case-{number}, category: general, prompt: 'Question {number}?', "
            "expect: {no_call: true}}\n"
            for number in range(cases)
        )
        (root / "cases.yaml").write_text(f"suite: many\ncases:\n{''.join(lines)}")
        return root

    return make


Started = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Started]:
    """Return a function that starts pytest in a project; nothing of it outlives the test."""
    command = [
        sys.executable, "-m", "pytest", "cases.yaml", "-q", "--tb=line", "--no-header",
        "--eval-report", "reports/report.json",
    ]  # fmt: skip
    processes: list[subprocess.Popen[str]] = []

    def begin(project: Path) -> "subprocess.Popen[str]":
        processes.append(
            subprocess.Popen(
                command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
        )
        return processes[-1]

    yield begin
    for process in processes:
        process.kill()
        process.communicate()
