"""Tokens of a row as mlx-lm's trainer counts them, without loading the model.

`messages`, and `prompt` with `completion` as two messages, go through the chat template with the
row's tools; a `text` is encoded as it is and ends with the end token. Thinking is switched on
where the tokenizer has tokens for it, as mlx-lm does.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.dataset.example import ExampleFormat
from punie_train.dataset.row_rules import row_format

_THINKING = (
    ("<think>", "</think>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<|think:start|>", "<|think:end|>"),
    ("<|channel>", "<channel|>"),
)


def row_tokens(model_dir: Path) -> Callable[[Mapping[str, Any]], int | None]:
    """Return what counts the tokens of a row; None for a row that the template refuses.

    Raises ArtifactError where the directory has no usable tokenizer.
    """
    tokenizer = _load(model_dir)
    vocabulary = tokenizer.get_vocab()
    thinking = any(start in vocabulary and end in vocabulary for start, end in _THINKING)

    def in_template(messages: Any, tools: Any) -> int:
        ids = tokenizer.apply_chat_template(
            messages, tools=tools, return_dict=False, enable_thinking=thinking
        )
        return len(ids)

    def in_text(text: str) -> int:
        ids = tokenizer.encode(text)
        return len(ids) + (not ids or ids[-1] != tokenizer.eos_token_id)

    def count(row: Mapping[str, Any]) -> int | None:
        try:
            match row_format(row):
                case ExampleFormat.MESSAGES:
                    return in_template(row["messages"], row.get("tools"))
                case ExampleFormat.COMPLETION:
                    messages = [
                        {"role": "user", "content": row["prompt"]},
                        {"role": "assistant", "content": row["completion"]},
                    ]
                    return in_template(messages, row.get("tools"))
                case ExampleFormat.TEXT:
                    return in_text(row["text"])
        except Exception:  # noqa: BLE001 - a template is a program that fails in any way it likes
            return None
        return None

    return count


def _load(model_dir: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(
            str(model_dir), local_files_only=True, trust_remote_code=False
        )
    except Exception as error:
        fact = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise ArtifactError(
            f"The tokenizer of {model_dir} cannot be loaded ({fact})",
            "tokens cannot be counted as the trainer counts them",
            "Give a model directory with its tokenizer, or leave out --model",
        ) from error
    return tokenizer
