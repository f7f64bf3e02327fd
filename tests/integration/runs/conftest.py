"""A tiny model and rows for short training runs by the real mlx-lm."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

END = "<|end|>"
WIDTH, LAYERS, ROLES = 16, 2, ("user", "assistant")
CHAT_TEMPLATE = (
    "{%- for tool in tools or [] %}{{ tool | tojson }}{% endfor %}"
    "{%- for message in messages %}<{{ message.role }}>{{ message.content or '' }}"
    "{%- for call in message.tool_calls or [] %}{{ call | tojson }}{% endfor %}"
    f"{END}{{% endfor %}}"
    "{%- if add_generation_prompt %}<assistant>{% endif %}"
)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a model with two layers of random weights and one token per byte."""
    directory = tmp_path_factory.mktemp("tiny-model")
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END])
    tokenizer.save(str(directory / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}
    (directory / "tokenizer_config.json").write_text(json.dumps(settings))
    (directory / "chat_template.jinja").write_text(CHAT_TEMPLATE)
    vocabulary = tokenizer.get_vocab_size()
    generator = np.random.default_rng(0)

    def random(*shape: int) -> np.ndarray:
        return generator.normal(scale=0.1, size=shape).astype(np.float32)

    weights = {"model.embed_tokens.weight": random(vocabulary, WIDTH)}
    ones = np.ones(WIDTH, np.float32)
    norms = ("input_layernorm", "post_attention_layernorm", "self_attn.q_norm", "self_attn.k_norm")
    matrices = [f"self_attn.{name}_proj" for name in "qkvo"]
    matrices += [f"mlp.{name}_proj" for name in ("gate", "up", "down")]
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        weights |= {f"{prefix}{name}.weight": ones for name in norms}
        weights |= {f"{prefix}{name}.weight": random(WIDTH, WIDTH) for name in matrices}
    weights["model.norm.weight"] = ones
    save_file(weights, directory / "model.safetensors", metadata={"format": "pt"})
    config = {
        "model_type": "qwen3",
        "architectures": ["Qwen3ForCausalLM"],
        "hidden_size": WIDTH,
        "num_hidden_layers": LAYERS,
        "intermediate_size": WIDTH,
        "num_attention_heads": 1,
        "num_key_value_heads": 1,
        "head_dim": WIDTH,
        "rms_norm_eps": 1e-6,
        "vocab_size": vocabulary,
        "max_position_embeddings": 512,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "eos_token_id": tokenizer.token_to_id(END),
    }
    (directory / "config.json").write_text(json.dumps(config))
    return directory


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return eight training rows and two for validation."""
    directory = tmp_path / "data"
    directory.mkdir()
    for name, count in (("train", 8), ("valid", 2)):
        words = [f"{name} {number}" for number in range(count)]
        turns = [[{"role": role, "content": word} for role in ROLES] for word in words]
        rows = [json.dumps({"messages": messages}) for messages in turns]
        (directory / f"{name}.jsonl").write_text("\n".join(rows) + "\n")
    return directory


@pytest.fixture
def command(data: Path, tiny_model: Path) -> Callable[..., list[str]]:
    """Return a function that gives the command of a short run of two rows per batch."""

    def argv(*options: str) -> list[str]:
        fixed = ["--model", str(tiny_model), "--batch-size", "2", "--learning-rate", "1e-2"]
        fixed.append("--skip-checks")  # eight rows without a call are no set to train on
        return [sys.executable, "-m", "punie_train", "run", str(data), *fixed, *options]

    return argv


@pytest.fixture
def run(
    command: Callable[..., list[str]], tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs `punie-train run` in an empty directory."""

    def call(*options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*options),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return call
