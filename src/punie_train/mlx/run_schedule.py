"""The learning rate's schedule in a run file, and what is said of keys that reach nothing."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from punie_train.core.errors import UsageError

_KEYS = ("name", "arguments", "warmup", "warmup_init")
_NAMES = {"cosine_decay": "cosine", "linear_schedule": "linear"}
_REMEDY = "Write `schedule: cosine` (or linear, constant), `learning_rate` and `warmup` instead."


def schedule_fields(content: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Return schedule, rate and warm-up of a run file's `lr_schedule`.

    A run's schedule goes from its learning rate to 0, or stays there, over all of its steps. Raises
    UsageError for another one: it would not be the one that is trained with. Steps and rate are
    compared with the file's own `iters` and `learning_rate`, where it has them.
    """
    value = as_mapping(content["lr_schedule"], where=where)
    if not value:
        return {}
    for key in value:
        if key not in _KEYS:
            raise unknown_key(key, _KEYS, where=where)
    name, warmup = value.get("name"), value.get("warmup") or 0
    if name not in _NAMES:
        raise unknown_key(str(name), tuple(_NAMES), where=where)
    if value.get("warmup_init"):
        raise UsageError(f"{where}: `warmup_init` is not 0", "it would reach nothing", _REMEDY)
    rate, end, steps = _arguments(name, value.get("arguments"), where=where)
    flat = end == rate
    if not flat and end != 0:
        raise UsageError(f"{where} ends at {end}", "a run's schedule ends at 0", _REMEDY)
    _check_steps(content, steps, warmup=0 if flat else warmup, where=where)
    if (other := content.get("learning_rate")) is not None and _number(other) != rate:
        raise UsageError(
            f"{where} begins at {rate}, and `learning_rate` is {other}",
            "only one of them could be trained with",
            "Write the same number in both places.",
        )
    schedule = "constant" if flat else _NAMES[name]
    return {"schedule": schedule, "learning_rate": rate, "warmup": warmup}


def _arguments(name: str, given: Any, *, where: str) -> tuple[float, float, float]:
    """Return rate, end and steps."""
    numbers = [_number(one) for one in given] if isinstance(given, Sequence) else []
    match name, numbers:
        case "cosine_decay", [float(rate), float(steps)]:
            return rate, 0.0, steps
        case "cosine_decay", [float(rate), float(steps), float(end)]:
            return rate, end, steps
        case "linear_schedule", [float(rate), float(end), float(steps)]:
            return rate, end, steps
    shape = "[rate, steps]" if name == "cosine_decay" else "[rate, end, steps]"
    raise UsageError(
        f"{where}: `arguments` is {given!r}", f"{name} takes {shape}, all numbers", _REMEDY
    )


def _check_steps(content: Mapping[str, Any], steps: float, *, warmup: int, where: str) -> None:
    iters, every = content.get("iters"), content.get("grad_accumulation_steps") or 1
    if not (isinstance(iters, int) and isinstance(every, int) and isinstance(warmup, int)):
        return
    if steps != (whole := iters // max(every, 1) - warmup):
        raise UsageError(
            f"{where} takes {steps:g} steps, and this run has {whole} for it",
            "a run's schedule takes all of its steps",
            _REMEDY,
        )


def _number(value: Any) -> float | None:
    """Return a number, also one that YAML reads as text (`1e-5`); None for anything else."""
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def as_mapping(value: Any, *, where: str) -> Mapping[str, Any]:
    """Return names and values, none for null; raises UsageError for anything else."""
    if value is None or isinstance(value, Mapping):
        return value or {}
    raise UsageError(
        f"{where} is {value!r}", "it has the wrong type", "Write `name: value` lines below it."
    )


def unknown_key(key: Any, known: Sequence[str], *, where: str) -> UsageError:
    """Return the error for a key that nothing reads, with the one that was probably meant."""
    near = difflib.get_close_matches(str(key), known, n=1)
    return UsageError(
        f"{where} has the unknown key {key!r}",
        "it would reach nothing",
        f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}.",
    )


def unreached(key: str, value: Any, fixed: Any, *, where: str) -> UsageError:
    """Return the error for a key of mlx-lm with a value that a run does not pass on."""
    return UsageError(
        f"{where}: `{key}` is {value!r}",
        f"a run always has {fixed!r} there, and the value would reach nothing",
        "Leave the key out.",
    )
