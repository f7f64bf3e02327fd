"""What checks of data ask about the model, the sandbox and the evaluation: lent to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from punie_train.checks.pre_training.code_problem import CodeProblem
from punie_train.checks.pre_training.seen_row import Encoded, Rendering, SeenRow
from punie_train.dataset.leakage import EvaluationPrompts
from punie_train.toolcalls.parsed import WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """How the model reads: its template, its tokenizer, its call format.

    `encode` takes texts and whether they are plain texts; `decode` returns texts of tokens.
    `takes_text_arguments` says whether the template renders arguments that are a JSON string as it
    renders objects. `marks` are the tokens of the format, each with its id or None where it is no
    single token. `stop` is the text of the stop token, "" where none is named.
    """

    name: str
    trained: WireFormat
    stop: str
    stop_id: int | None
    marks: Mapping[str, int | None]
    takes_text_arguments: bool
    render: Callable[[SeenRow], Rendering]
    encode: Callable[[Sequence[str], bool], Sequence[Encoded]]
    decode: Callable[[Sequence[Encoded]], Sequence[str]]
    token_id: Callable[[str], int | None]


Pending = Callable[[], CodeProblem | None]
"""Waits for a program that was started."""


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """What an audit says of one source of rows; no refusals mean that it may be trained on."""

    source: str
    rows: int
    licence: str
    refusals: tuple[str, ...] = ()
    unsaid: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """What is not pure; None for what there is not, with the reason in `missing`.

    `prompts_problem` says why the evaluation cases that there are cannot be read.
    """

    model: ModelView | None = None
    run_code: Callable[[str], Pending] | None = None
    prompts: EvaluationPrompts | None = None
    prompts_problem: str | None = None
    audit: Callable[[Mapping[str, Any], Mapping[str, int]], Sequence[SourceVerdict]] | None = None
    missing: Mapping[str, str] | None = None

    def why_not(self, name: str) -> str:
        """Return why something was not lent."""
        return (self.missing or {}).get(name, f"no {name.replace('_', ' ')}")
