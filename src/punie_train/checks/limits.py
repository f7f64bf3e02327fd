"""The thresholds of the checks: the table `[tool.punie-train.checks]` of the settings."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.core.retention import LEAST_AGREEMENT, LEAST_COSINE, LEAST_SHARE

WHERE = "[tool.punie-train.checks]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLimits:
    """What is expected of the artifacts; shares go from 0.0 to 1.0.

    Each field is a key of the settings, with `-` for `_`.
    """

    train_rows: int = 40
    """Fewer training rows than this are a warning."""
    format: str = ""
    """Format that all rows have: `messages`, `text` or `prompt and completion`; "" for any one."""
    tool_share: tuple[float, float] = (0.10, 0.80)
    """Share of the training rows that call a tool."""
    patterns: tuple[str, ...] = (
        "result.errors",
        ".error_count",
        ".success",
        ".violations",
        ".violation_count",
        ".fixable_count",
        ".tests",
        ".passed",
        ".failed",
    )
    """What code-mode rows are expected to read: text in their code, words as a whole."""
    pattern_share: float = 0.05
    """Least share of the training rows that read any of the patterns."""
    placeholders: tuple[str, ...] = ()
    """Further texts that stand for a tool's result and are none."""
    duplicate_share: float = 0.10
    """Highest share of rows that nearly repeat another; exact copies count too."""
    dropped_share: float = 0.05
    """Highest share of the training rows that fill no batch."""
    one_row_per_turn: bool = False
    """Whether the trainer cuts a row for each turn of the assistant, as `punie-train run` does."""
    evals: tuple[str, ...] = ("evals",)
    """Directories and files of evaluation cases that no row may hold."""
    final_loss: float = 2.0
    """The mean training loss of the last tenth of a run has to be below this."""
    good_train_loss: float = 0.5
    """From this on it is a warning."""
    good_valid_loss: float = 1.0
    """From this on the validation loss of the weights that were kept is a warning."""
    loss_fall: float = 0.70
    """A smaller fall of the training loss, as a share of its start, is a warning."""
    valid_rise: float = 0.02
    """Rise of the validation loss over its best, as a share, that counts as overfitting."""
    signal_share: float = LEAST_SHARE
    """Least share of an adapter's effect that a fused or quantized model keeps."""
    signal_cosine: float = LEAST_COSINE
    """Least cosine of an adapter's effect with what really changed in the weights."""
    same_replies: float = LEAST_AGREEMENT
    """Least share of replies that a fused or quantized model keeps."""
    bits: int = 0
    """Bits a quantized model has; 0 for those that its manifest or config.json names."""
    group_size: int = 0
    """Group size of a quantized model; 0 as for `bits`."""
    probes: int = 8
    """How many questions a model is asked."""
    runtime_rows: int = 200
    """How many rows, evenly spread, are shown to trainer and server."""
    delivered: float = 1.0
    """Least share of the taught calls that the server hands over."""


def read_limits(table: Mapping[str, Any]) -> CheckLimits:
    """Return the thresholds of a settings table; raises UsageError for a key or value not known."""
    defaults = CheckLimits()
    known = {field.name.replace("_", "-"): field.name for field in fields(CheckLimits)}
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"{WHERE} has the unknown key '{key}'",
                "it would do nothing",
                f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(known)}.",
            )
        found[known[key]] = _fitting(key, value, getattr(defaults, known[key]))
    return CheckLimits(**found)


def _fitting(key: str, value: Any, default: Any) -> Any:
    """Return the value in the type of the default: number, share, range, text or list of text."""
    match default, value:
        case bool(), bool():
            return value
        case int(), int() if value >= 0 and not isinstance(value, bool):
            return value
        case float(), int() | float() if not isinstance(value, bool) and value >= 0:
            return float(value)
        case str(), str():
            return value
        case (float(), float()), [int() | float() as low, int() | float() as high] if (
            0 <= low <= high <= 1
        ):
            return float(low), float(high)
        case tuple(), list() if all(isinstance(one, str) for one in value):
            return tuple(value)
    example = list(default) if isinstance(default, tuple) else default
    raise UsageError(
        f"{WHERE}: '{key}' is {value!r}",
        "it has the wrong type or is out of range",
        f"Write something like {key} = {example!r}.",
    )
