"""Read the YAML of a run: mlx-lm's own keys, and ours."""

import difflib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from punie_train.core.errors import UsageError
from punie_train.mlx.layer_choice import layer_fields
from punie_train.mlx.train_config import RunConfig

FIELDS = {field.name: field.type for field in fields(RunConfig)}
_LORA = {"rank": "lora_rank", "scale": "lora_scale", "dropout": "lora_dropout", "keys": "lora_keys"}
_SCHEDULES = {"cosine_decay": "cosine", "linear_schedule": "linear"}
_DERIVED = {"train", "optimizer_config"}
_LISTS = ("lora_keys", "category", "hosts")


def read_run_config(path: Path) -> dict[str, Any]:
    """Return the fields of RunConfig that the file sets; raises UsageError with a suggestion."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(
            f"{path} cannot be read ({reason})", "the run has no parameters", "Mend the file."
        ) from error
    if not isinstance(content, Mapping):
        raise UsageError(
            f"{path} is no YAML mapping",
            "the run has no parameters",
            "Write lines such as `batch_size: 4`.",
        )
    return run_config_fields(content, where=str(path))


def run_config_fields(content: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Return mlx-lm's keys as fields of RunConfig; raises UsageError for an unknown key."""
    found: dict[str, Any] = {}
    for key, value in content.items():
        match key:
            case "lora_parameters":
                found |= _renamed(value or {}, _LORA, where=f"{where}: lora_parameters")
            case "num_layers" if isinstance(value, str):
                found |= layer_fields(value)
            case "lr_schedule":
                found |= _schedule(value, where=where)
            case _ if key in FIELDS:
                found[key] = value
            case _ if key not in _DERIVED:
                raise _unknown(key, (*FIELDS, "lora_parameters"), where=where)
    return {key: _typed(key, value, where=where) for key, value in found.items()}


def _schedule(value: Mapping[str, Any] | None, *, where: str) -> dict[str, Any]:
    if not value:
        return {}
    name, arguments = value.get("name"), value.get("arguments") or [None]
    if name not in _SCHEDULES:
        raise _unknown(str(name), tuple(_SCHEDULES), where=f"{where}: lr_schedule")
    flat = name == "linear_schedule" and arguments[:1] == arguments[1:2]
    return {
        "schedule": "constant" if flat else _SCHEDULES[name],
        "learning_rate": arguments[0],
        "warmup": value.get("warmup", 0),
    }


def _renamed(value: Mapping[str, Any], names: Mapping[str, str], *, where: str) -> dict[str, Any]:
    for key in value:
        if key not in names:
            raise _unknown(key, tuple(names), where=where)
    return {names[key]: item for key, item in value.items()}


def _typed(key: str, value: Any, *, where: str) -> Any:
    """Return the value as the field wants it; YAML reads `1e-5` as text."""
    wanted = FIELDS[key]
    try:
        if wanted is float and not isinstance(value, bool):
            return float(value)
        if key in _LISTS:
            items = [value] if isinstance(value, str) else value or ()
            return tuple(str(item) for item in items)
    except (TypeError, ValueError):
        pass
    else:
        whole = isinstance(value, int) and not isinstance(value, bool)
        fits = {int: whole, bool: isinstance(value, bool), str: isinstance(value, str)}
        if fits.get(wanted, True):
            return value
    raise UsageError(
        f"{where}: `{key}` is {value!r}",
        "it has the wrong type",
        f"Give {getattr(wanted, '__name__', wanted)}.",
    )


def _unknown(key: str, known: tuple[str, ...], *, where: str) -> UsageError:
    near = difflib.get_close_matches(str(key), known, n=1)
    return UsageError(
        f"{where} has the unknown key {key!r}",
        "it would reach nothing",
        f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}.",
    )
