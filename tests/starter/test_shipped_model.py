"""The model in the package: small, whole, and able to write and read its own format."""

import json

import pytest
from tokenizers import Tokenizer

from punie_train.starter import model_path
from punie_train.starter.corpus import template_text
from punie_train.starter.tokens import SPECIAL, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """Return the shipped tokenizer."""
    return Tokenizer.from_file(str(model_path() / "tokenizer.json"))


def test_it_is_small_and_whole() -> None:
    """The directory has everything a server loads, in at most 5 MB."""
    names = {file.name for file in model_path().iterdir()}
    assert {
        "chat_template.jinja",
        "config.json",
        "generation_config.json",
        "manifest.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    } <= names
    assert sum(file.stat().st_size for file in model_path().iterdir()) <= 5_000_000


def test_the_template_picks_the_parser_of_the_format() -> None:
    """The shipped template is the source's, and holds what mlx-lm knows the parser by."""
    shipped = (model_path() / "chat_template.jinja").read_text(encoding="utf-8")
    assert shipped == template_text()
    assert r"<tool_call>\n<function=" in shipped
    assert "tool_call.name" not in shipped


@pytest.mark.parametrize("text", SPECIAL)
def test_marks_are_single_tokens(tokenizer: Tokenizer, text: str) -> None:
    """Every mark of the format is one token."""
    assert tokenizer.encode(text).tokens == [text]


def test_the_end_of_a_turn_ends_generation(tokenizer: Tokenizer) -> None:
    """The configuration stops at the token that ends a turn."""
    config = json.loads((model_path() / "config.json").read_text())
    generation = json.loads((model_path() / "generation_config.json").read_text())
    end = tokenizer.token_to_id("<|im_end|>")
    assert config["eos_token_id"] == end
    assert generation["eos_token_id"] == end


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "tabs\tand  spaces\n\n  lines",
        "äöü 漢字 \U0001f600",
        "<tool_call>\n<function=read_file>\n<parameter=path>\na b/c.py\n</parameter>\n",
    ],
    ids=["words", "blanks", "any script", "markup"],
)
def test_text_survives_the_tokenizer(tokenizer: Tokenizer, text: str) -> None:
    """Decoding what was encoded gives the same text, byte by byte."""
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


@pytest.mark.parametrize("path", ["src/app.py", "zuqi/vexo-7.py", "notes.md", "t-17"])
def test_names_are_cut_alike_everywhere(tokenizer: Tokenizer, path: str) -> None:
    """A name has the same tokens after a blank, in quotes and on a line of its own."""
    wanted = tokenizer.encode(path).ids
    for before, after in (("see ", " now"), ('("', '")'), ("\n", "\n"), ("`", "`")):
        ids = tokenizer.encode(f"{before}{path}{after}").ids
        assert any(ids[i : i + len(wanted)] == wanted for i in range(len(ids)))


def test_the_same_texts_give_the_same_tokenizer() -> None:
    """Training a tokenizer is deterministic."""
    texts = ["run the tests in tests/a.py", "read_file(path)", "print(result.success)"] * 5
    first, second = (train_tokenizer(texts, 300).to_str() for _ in range(2))
    assert first == second
