"""What was read of a fused or quantized model, before it is judged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from punie_train.checks.limits import CheckLimits
from punie_train.checks.live_reply import Live
from punie_train.core.errors import PunieTrainError
from punie_train.core.retention import ReplyAgreement, SignalRetention


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFiles:
    """End tokens, template and tokenizer of a model; `source` is what it was made from.

    `source` and `differences` from it are None where nothing says what it was made from.
    """

    end_tokens: tuple[int, ...]
    template: bool
    tokenizer: bool
    source: str | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWeights:
    """How the matrices of a model are stored: counts by bits and group size, and what is wrong.

    `intended` are bits and group size as written beside the model, None where it is not known.
    `broken` are tensors that are not finite, `leftovers` matrices of an adapter beside the weights.
    """

    matrices: int
    stored: tuple[tuple[str, int], ...]
    bits: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    intended: tuple[int, int] | None = None
    broken: tuple[str, ...] = ()
    leftovers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeModel:
    """A model that was made from another; a part that could not be read is the error.

    `signal` and `agreement` are called where they are asked for; they return text where there is
    nothing to compare with, and raise PunieTrainError. `live` never raises. `calls_written` counts
    the calls in each of its replies.
    """

    path: Path
    limits: CheckLimits
    quantized: bool
    files: KeptFiles | PunieTrainError
    weights: StoredWeights | PunieTrainError
    signal: Callable[[], SignalRetention | str]
    agreement: Callable[[], ReplyAgreement | str]
    live: Callable[[], Live] = field(default=Live)
    calls_written: Callable[[], tuple[int, ...]] = field(default=tuple)
