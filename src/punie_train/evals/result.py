"""The result of one case."""

from dataclasses import dataclass

from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome, Score
from punie_train.toolcalls.parsed import WireFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What one case gave under one adapter.

    `score` is 0.0 to 1.0, or None when unavailable. `reply` is the raw text of all turns.
    `format` is the wire format of the first call that is not strict, else of the first call.
    `strict` is None without calls. `delivered` says whether the server itself handed over every
    call that the reply holds; None without calls, or when a server hides its raw text.
    `content_hash` is that of the case and `request_hash` that of what the model is asked, both
    empty for a free-form evaluation. `expected` names the tools of the calls that are right, `()`
    where none is; None where the case does not say. `replies` are the turns as they came, without
    token ids, so that they can be scored again.
    `reason` says in words why the case did not pass. Times in seconds, summed over the turns.
    """

    case: str
    suite: str
    category: str
    tags: tuple[str, ...]
    content_hash: str
    prompt: str
    adapter: str
    repeat: int
    outcome: Outcome
    score: float | None
    scores: tuple[Score, ...]
    reason: str
    reply: str
    calls: tuple[ToolCall, ...]
    malformed: tuple[str, ...]
    format: WireFormat
    strict: bool | None
    delivered: bool | None
    finish_reason: str
    turns: int
    prompt_tokens: int
    completion_tokens: int
    queue_seconds: float
    generation_seconds: float
    request_hash: str = ""
    expected: tuple[str, ...] | None = None
    replies: tuple[Completion, ...] = ()
