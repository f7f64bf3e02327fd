"""Texts made to keep a pattern busy take time in proportion to their length."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from punie_train.dataset.language import foreign_reason
from punie_train.dataset.leakage import EvaluationPrompts
from punie_train.dataset.near_copies import near_copies, shingled
from punie_train.dataset.quality import quality_reason
from punie_train.dataset.redaction import redact_row

SIZE = 1_000_000
SECONDS = 20
"""For all of it on a busy core; what is quadratic takes hours."""
UNITS = (
    "a",
    " ",
    "\n",
    "`",
    "-",
    ".",
    "(",
    "a = ",
    "```a\n",
    "password: '",
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "eyJaaaaaaaaaaaa.",
    "sk-proj-",
    "a://b:",
    "(example 1",
    "<tool_response>",
    "<|im_start|>user\n",
    "如何",
)
PROMPTS = EvaluationPrompts([("a", "a a a a a a a"), ("b", "read the file and tell me")])


def near(row: Mapping[str, Any]) -> None:
    """Compare the text with itself and a little more."""
    with shingled([row["text"], row["text"] + " x"]) as texts:
        list(near_copies(texts))


OPERATIONS: tuple[Callable[[Mapping[str, Any]], object], ...] = (
    redact_row,
    foreign_reason,
    quality_reason,
    lambda row: PROMPTS.leaks([row]),
    near,
)


@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_one_thing_takes_seconds(unit: str) -> None:
    """Every operation over it, as ChatML or plain text."""
    row = {"text": unit * (SIZE // len(unit))}
    started = time.process_time()
    for operation in OPERATIONS:
        operation(row)
    assert time.process_time() - started < SECONDS


def test_a_row_of_thousands_of_secrets_takes_seconds() -> None:
    """They go, though each is looked for in the rest of the row."""
    lines = [f"password = 'aB{number * 7919}x!'" for number in range(10_000)]
    started = time.process_time()
    done = redact_row({"text": "\n".join(lines)})
    assert time.process_time() - started < SECONDS
    assert len(done.redactions) > 0.99 * len(lines)
