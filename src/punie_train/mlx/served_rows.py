"""What mlx-lm's trainer and its server make of the same rows, and where they part."""

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.errors import ArtifactError
from punie_train.core.messages import Message, ToolCall
from punie_train.core.sampling import Sampling
from punie_train.mlx.wire import request_body
from punie_train.processes.child import Child

CHILD = "punie_train.mlx.serving_child"
SECONDS = 300.0
_LAST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RowToServe:
    """A row as the trainer reads it, and the conversation before its last answer."""

    row: Mapping[str, Any]
    given: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRow:
    """One row in training and in serving, in tokens.

    `shared` counts the tokens at which both begin alike; the prompts are the same where it is
    `serving`, and `trained_piece` and `served_piece` are how they go on elsewhere. `text` is the
    taught answer as the model writes it, `ends` whether a token that ends a reply is taught.
    `delivered` are the calls that the server hands over for that text; `crash` says why its parser
    fails, `error` why template or tokenizer do.
    """

    training: int = 0
    serving: int = 0
    shared: int = 0
    trained_piece: str = ""
    served_piece: str = ""
    ends: bool = True
    text: str = ""
    delivered: tuple[ToolCall, ...] = ()
    crash: str | None = None
    error: str | None = None

    @property
    def same_prompt(self) -> bool:
        """Say whether the model is asked with exactly the tokens it was trained on."""
        return self.error is None and self.shared == self.serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The rows in order, and how many tokens each mark around a call is."""

    rows: tuple[ServedRow, ...]
    marks: Mapping[str, int]


def serve_rows(
    model: Path,
    rows: Sequence[RowToServe],
    *,
    template_args: Mapping[str, Any],
    template: str | None = None,
) -> Serving:
    """Return what trainer and server make of the rows; no weights are loaded.

    `template_args` are the server's `chat_template_args`, `template` the chat template that it is
    given in place of the model's. Raises ArtifactError where the tokenizer
    cannot be loaded.
    """
    with tempfile.TemporaryDirectory(prefix="punie-train-serving-") as place:
        job, result, log = (Path(place) / name for name in ("job.json", "result.json", "log"))
        values = {
            "model": str(model),
            "rows": [_job_row(row) for row in rows],
            "template_args": dict(template_args),
            "template": template,
        }
        job.write_text(json.dumps(values), encoding="utf-8")
        child = Child.start(
            [CHILD, str(job), str(result)],
            log_path=log,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "NO_COLOR": "1", "PYTHONUTF8": "1"},
        )
        try:
            status = child.wait(SECONDS)
        finally:
            child.stop()
        if status != 0 or not result.is_file():
            words = " ".join(child.log_tail(_LAST_WORDS).split())
            raise ArtifactError(
                f"mlx-lm cannot read rows with the tokenizer of {model} ({words})",
                "nobody knows whether training and serving agree",
                "Give a model directory with its tokenizer and chat template",
            )
        return _read(json.loads(result.read_text(encoding="utf-8")))


def _job_row(row: RowToServe) -> dict[str, Any]:
    """Return the row beside what a client of ours sends for its conversation."""
    body = request_body(row.given, (), Sampling())
    return {"row": row.row, "given": body["messages"], "tools": row.row.get("tools") or None}


def _read(value: Mapping[str, Any]) -> Serving:
    rows = []
    for row in value["rows"]:
        calls = tuple(
            ToolCall(name=str(name), arguments=arguments)
            for name, arguments in row.pop("delivered", ())
            if isinstance(arguments, Mapping)
        )
        rows.append(ServedRow(**row, delivered=calls))
    return Serving(rows=tuple(rows), marks=value["marks"])
