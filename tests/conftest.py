"""What holds for every test; an adapter that needs no training, a model that needs none either."""

import json
import re
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from safetensors.numpy import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from punie_train import starter

# A busy machine makes the first example of a text slow: tables of characters are built for it.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

END = "<|end|>"
MARKS = ("<tool_call>", "</tool_call>")
PIECE = 10
MEMORY = 8.0
JSON_TEMPLATE = (
    "{%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}"
    "{%- for message in messages %}{{ message.content }}{% endfor %}"
    "{# <tool_call> tool_call.name #}"
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the test that takes longest, so that no worker is left alone with it."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let tests and their children be interrupted also in a job that ignores Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def starter_adapter() -> Callable[..., Path]:
    """Return a function that writes a random adapter of the starter model to a directory.

    It changes every reply; with a tiny `strength` it loads and changes nothing that can be seen.
    """

    def make(directory: Path, strength: float = 0.5) -> Path:
        directory.mkdir(parents=True)
        config = json.loads((starter.model_path() / "config.json").read_text())
        width, heads = config["hidden_size"], config["num_key_value_heads"]
        name = f"model.layers.{config['num_hidden_layers'] - 1}.self_attn.v_proj.lora_"
        generator = np.random.default_rng(1)
        weights = {
            name + "a": generator.normal(size=(width, 2)),
            name + "b": strength * generator.normal(size=(2, heads * config["head_dim"])),
        }
        save_file(
            {key: value.astype(np.float32) for key, value in weights.items()},
            directory / "adapters.safetensors",
            metadata={"format": "mlx"},
        )
        parameters = {"rank": 2, "scale": 1.0, "dropout": 0.0, "keys": ["self_attn.v_proj"]}
        written = {"fine_tune_type": "lora", "num_layers": 1, "lora_parameters": parameters}
        (directory / "adapter_config.json").write_text(json.dumps(written))
        return directory

    return make


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep process records and caches of a test to the test: no reply comes from another run."""
    monkeypatch.setenv("PUNIE_TRAIN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "cache"))


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
        if piece and pieces and pieces[-1] not in MARKS:
            piece = pieces.pop() + piece
        if piece:
            assert piece not in used, f"{piece!r} occurs twice: change a text a little"
            pieces.append(piece)
            used.add(piece)
    return pieces


def _answering_model(directory: Path, answers: Mapping[str, str]) -> Path:
    """Write a model that answers a prompt which ends with `<|key|>` with that key's text.

    Its template asks for calls as JSON. The next token follows from the last one; after the marks
    of calls, which stand in many texts, from what came before them, which attention remembers.
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
    (directory / "chat_template.jinja").write_text(JSON_TEMPLATE)
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


@pytest.fixture(scope="session")
def noisy_adapter() -> Callable[[Path, Path, float], Path]:
    """Return a function that writes an adapter of noise in the first layer: model, place, strength.

    It is that of `answering_model` or of any Qwen3 model with one head as wide as the model.
    """

    def make(model: Path, directory: Path, strength: float) -> Path:
        directory.mkdir(parents=True, exist_ok=True)
        width = json.loads((model / "config.json").read_text())["hidden_size"]
        name, generator = "model.layers.0.self_attn.v_proj.lora_", np.random.default_rng(1)
        weights = {
            name + "a": generator.normal(size=(width, 2)).astype(np.float32),
            name + "b": (strength * generator.normal(size=(2, width))).astype(np.float32),
        }
        save_file(weights, directory / "adapters.safetensors", metadata={"format": "mlx"})
        parameters = {"rank": 2, "scale": 1.0, "dropout": 0.0, "keys": ["self_attn.v_proj"]}
        config = {"fine_tune_type": "lora", "num_layers": 1, "lora_parameters": parameters}
        (directory / "adapter_config.json").write_text(json.dumps(config))
        return directory

    return make
