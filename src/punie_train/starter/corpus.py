"""The base corpus: generated rows that overlap no evaluation case, as text and as tokens."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from tokenizers import Tokenizer

from punie_train.starter.mixture import base_rows
from punie_train.starter.network import Encoded
from punie_train.starter.overlap import without_overlap

Row = Mapping[str, Any]
TOKENIZER_ROWS = 12_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A row as text: what is given, and the answer that is learnt, with its end mark."""

    prompt: str
    answer: str


def template_text() -> str:
    """Return the source of the chat template."""
    return (Path(__file__).parent / "chat_template.jinja").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - text for a model, not for a browser
    )
    return environment.from_string(template_text())


def corpus(seed: int, count: int, prompts: Sequence[str]) -> list[Row]:
    """Return at most `count` rows made from the seed, less those that overlap a prompt."""
    return without_overlap(list(base_rows(seed, count)), prompts)


def corpus_hash(rows: Sequence[Row]) -> str:
    """Return the SHA-256 over the rows as JSON lines, in hexadecimal."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def render(row: Row) -> Rendered:
    """Return a row as the chat template writes it, cut before its last message."""
    tools = row.get("tools")
    prompt = _template().render(
        messages=row["messages"][:-1], tools=tools, add_generation_prompt=True
    )
    whole = _template().render(messages=row["messages"], tools=tools)
    return Rendered(prompt, whole[len(prompt) :].rstrip("\n"))


def encode(rows: Sequence[Rendered], tokenizer: Tokenizer) -> list[Encoded]:
    """Return the rows as token ids."""
    prompts = tokenizer.encode_batch_fast([row.prompt for row in rows])
    answers = tokenizer.encode_batch_fast([row.answer for row in rows])
    return [
        Encoded((*prompt.ids, *answer.ids), len(prompt.ids))
        for prompt, answer in zip(prompts, answers, strict=True)
    ]
