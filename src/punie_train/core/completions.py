"""What came back from a model server for one request, and for the loop of one case."""

from dataclasses import dataclass

from punie_train.core.messages import ToolCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One reply.

    `text` is what the model really wrote (markup included), recovered from token ids where the
    server parsed it; `delivered` is what the server itself handed over as tool calls.
    `logprobs` has one natural logarithm per completion token, or is empty. Times in seconds.
    """

    text: str
    content: str | None
    delivered: tuple[ToolCall, ...]
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int
    queue_seconds: float
    generation_seconds: float
    recovered: bool = True
    token_ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """All replies of one case, in order; one for a single-turn case."""

    turns: tuple[Completion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """No reply, and not by the model's fault; `turns` holds what came before the failure."""

    reason: str
    turns: tuple[Completion, ...] = ()
