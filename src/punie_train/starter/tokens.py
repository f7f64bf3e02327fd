"""The starter's tokenizer: byte-level BPE that cuts paths the same way wherever they stand."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    pre_tokenizers,
    trainers,
)

SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>")
VOCABULARY = 1024

_MARKUP = (
    r"\n<function=|>\n<parameter=|\n</parameter>\n</function>\n|\n</parameter>\n<parameter=|"
    r"\n</?tool_response>\n?"
)
_ENDINGS = (
    "py|md|txt|json|toml|yaml|yml|cfg|ini|sh|html|css|js|ts|csv|log|xml|rst|sql|env|lock|go|rs|c|h|"
    "java"
)
_PATH_AHEAD = rf"(?=[^\s]*[/\d]|[\w.\-]*\.(?:{_ENDINGS})\b)"
_SIGNATURE = r"\n[a-z_]+\([a-z_]+(?:, [a-z_]+)*\)(?=\n|$)"
PATTERN = rf"{_MARKUP}|{_SIGNATURE}|\n *| {_PATH_AHEAD}| ?[A-Za-z_]+| ?\d| ?[^\sA-Za-z_\d]+|\s"
"""Markup, a tool's line, newline with indent, the space before a path, words, digits, signs."""


def train_tokenizer(texts: Iterable[str], size: int = VOCABULARY) -> Tokenizer:
    """Return a byte-level BPE tokenizer of at most `size` tokens, the special ones first."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[AddedToken(text, special=True, normalized=False) for text in SPECIAL[:3]]
        + [AddedToken(text, special=False, normalized=False) for text in SPECIAL[3:]],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def token_id(tokenizer: Tokenizer, text: str) -> int:
    """Return the id of a token; raises KeyError when it is none."""
    if (found := tokenizer.token_to_id(text)) is None:
        raise KeyError(text)
    return found


def save_tokenizer(tokenizer: Tokenizer, template: str, output: Path) -> Any:
    """Write tokenizer and chat template as transformers reads them, and return that tokenizer."""
    from transformers import PreTrainedTokenizerFast

    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=SPECIAL[2],
        pad_token=SPECIAL[0],
        clean_up_tokenization_spaces=False,
        model_max_length=4096,
        chat_template=template,
    )
    wrapped.save_pretrained(output)
    return wrapped
