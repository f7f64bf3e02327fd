"""Tokens of rows are those that mlx-lm's trainer counts."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from punie_train import starter
from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.errors import ArtifactError
from punie_train.mlx.row_tokens import row_tokens

CALL = {"type": "function", "function": {"name": "read_file", "arguments": {"path": "a.py"}}}
ROWS: dict[str, dict[str, Any]] = {
    "chat": {
        "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "H"}]
    },
    "calls": {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Read a.py"},
            {"role": "assistant", "content": "", "tool_calls": [CALL]},
            {"role": "tool", "name": "read_file", "content": "x = 1\n" * 20},
            {"role": "assistant", "content": "One line, \u2713."},
        ],
        "tools": [tool.to_openai() for tool in AGENT_TOOLS],
    },
    "completion": {"prompt": "Two and two?", "completion": "Four."},
    "text": {"text": "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHo"},
    "text-with-end": {"text": "<|im_start|>assistant\nHo<|im_end|>"},
}


@pytest.mark.parametrize("name", list(ROWS))
def test_the_trainer_counts_the_same(name: str) -> None:
    """Each format with the tokenizer of the starter model, by mlx-lm's own datasets."""
    from mlx_lm.tokenizer_utils import load
    from mlx_lm.tuner.datasets import create_dataset

    model, row = starter.model_path(), ROWS[name]
    tokenizer: Any = load(model)
    trained = create_dataset([row], tokenizer, SimpleNamespace(mask_prompt=False))
    tokens, _ = trained.process(trained[0])
    assert row_tokens(model)(row) == len(tokens) > 4


@pytest.mark.parametrize(
    "row",
    [{}, {"messages": 3}, {"messages": [{"role": "user"}, 7]}, {"text": None}],
    ids=["empty", "no-list", "no-message", "no-text"],
)
def test_what_no_template_takes_has_no_number(row: dict[str, Any]) -> None:
    """It is counted as such, and stops nothing."""
    assert row_tokens(starter.model_path())(row) is None


def test_a_directory_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    """In one sentence."""
    with pytest.raises(ArtifactError, match="cannot be loaded") as error:
        row_tokens(tmp_path)
    assert "\n" not in str(error.value)
