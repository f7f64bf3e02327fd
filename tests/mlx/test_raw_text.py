"""Token ids to text, with markup and without the end of the turn."""

import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from punie_train.core.errors import ArtifactError
from punie_train.mlx.raw_text import end_tokens, token_decoder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a directory with a byte-level tokenizer and its configurations."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {letter: index for index, letter in enumerate(letters)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|im_end|>", "<tool_call>", "<|endoftext|>"])
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    end = tokenizer.token_to_id("<|im_end|>")
    (tmp_path / "config.json").write_text(json.dumps({"eos_token_id": end}))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi ä", "Hi ä"),
        ("Hi<|im_end|>", "Hi"),
        ("<tool_call> a<|im_end|>", "<tool_call> a"),
        ("<|im_end|>Hi", "<|im_end|>Hi"),
        ("", ""),
    ],
    ids=["cut off", "ended", "markup", "end inside", "nothing"],
)
def test_text_is_what_was_written(model: Path, text: str, expected: str) -> None:
    """Markup stays, the token that ended the turn goes."""
    ids = Tokenizer.from_file(str(model / "tokenizer.json")).encode(text).ids
    assert token_decoder(model)(ids) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, set()),
        ({"config.json": {"eos_token_id": [1, 2]}}, {1, 2}),
        ({"generation_config.json": {"eos_token_id": 3}, "config.json": []}, {3}),
        ({"tokenizer_config.json": {"eos_token": "<end>"}}, {9}),
        ({"tokenizer_config.json": {"eos_token": {"content": "<end>"}}}, {9}),
        ({"tokenizer_config.json": {"eos_token": "other"}}, set()),
    ],
    ids=["none", "several", "generation", "by name", "by object", "unknown name"],
)
def test_end_tokens(tmp_path: Path, files: dict[str, Any], expected: set[int]) -> None:
    """The end of a turn is looked for in every configuration that may name it."""
    for name, value in files.items():
        (tmp_path / name).write_text(json.dumps(value))
    assert end_tokens(tmp_path, {"<end>": 9}.get) == expected


@pytest.mark.parametrize("content", [None, "{"], ids=["missing", "broken"])
def test_model_without_a_tokenizer(tmp_path: Path, content: str | None) -> None:
    """A model whose tokenizer cannot be read is refused."""
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(ArtifactError, match="cannot be recovered"):
        token_decoder(tmp_path)
