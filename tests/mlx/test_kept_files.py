"""Tokenizer, template, end tokens and config stay: each loss is named, and none is invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from punie_train.core.errors import ArtifactError
from punie_train.mlx.convert_job import ConversionError
from punie_train.mlx.kept_files import check_kept, copy_kept, eos_tokens

CONFIG = {"model_type": "qwen3", "eos_token_id": 2, "hidden_size": 8}


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Return a model's directory and one that was made from it."""
    source, made = tmp_path / "source", tmp_path / "made"
    source.mkdir()
    made.mkdir()
    for directory in (source, made):
        (directory / "config.json").write_text(json.dumps(CONFIG))
    for name in ("tokenizer.json", "chat_template.jinja", "LICENSE", "special_tokens_map.json"):
        (source / name).write_text(f'"{name}"')
    (source / "generation_config.json").write_text('{"eos_token_id": [2, 3]}')
    (source / "model.safetensors").write_text("weights")
    (source / "manifest.json").write_text("{}")
    return source, made


def test_what_is_copied_is_kept(pair: tuple[Path, Path]) -> None:
    """Everything but weights and manifest, byte for byte; quantization may be added."""
    source, made = pair
    assert copy_kept(source, made) == (
        "LICENSE",
        "chat_template.jinja",
        "generation_config.json",
        "special_tokens_map.json",
        "tokenizer.json",
    )
    assert not (made / "manifest.json").exists()
    config = {**CONFIG, "quantization": {"bits": 4}, "eos_token_id": [2, 3]}
    (made / "config.json").write_text(json.dumps(config))
    check_kept(source, made)


def _config(**changed: object) -> Callable[[Path], object]:
    return lambda made: (made / "config.json").write_text(json.dumps({**CONFIG, **changed}))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(
            lambda made: (made / "tokenizer.json").unlink(), "tokenizer.json, which is", id="gone"
        ),
        pytest.param(
            lambda made: (made / "tokenizer.json").write_text("{}"),
            "the contents of tokenizer.json",
            id="other tokenizer",
        ),
        pytest.param(
            lambda made: (made / "chat_template.jinja").write_text("other"),
            "its chat template",
            id="other template",
        ),
        pytest.param(
            lambda made: (made / "generation_config.json").write_text('{"eos_token_id": 9}'),
            r"its end tokens, \[9\] instead of \[2, 3\]",
            id="other end token",
        ),
        pytest.param(_config(hidden_size=9), "hidden_size of config.json", id="other config"),
    ],
)
def test_what_is_lost_is_named(
    pair: tuple[Path, Path], spoil: Callable[[Path], object], message: str
) -> None:
    """F54: with the id in the message."""
    source, made = pair
    copy_kept(source, made)
    spoil(made)
    with pytest.raises(ConversionError, match=rf"{message}.*\[F54\]"):
        check_kept(source, made)


def test_end_tokens_are_found_as_mlx_lm_finds_them(pair: tuple[Path, Path]) -> None:
    """generation_config.json comes before config.json; neither is none."""
    source, made = pair
    assert eos_tokens(source) == {2, 3}
    assert eos_tokens(made) == {2}
    (made / "config.json").write_text("{}")
    assert eos_tokens(made) == frozenset()
    (made / "config.json").write_text("[]")
    with pytest.raises(ArtifactError, match="not an object"):
        eos_tokens(made)
