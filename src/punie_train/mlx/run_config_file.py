"""Read the YAML of a run: mlx-lm's own keys, and ours."""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from punie_train.core.errors import UsageError
from punie_train.mlx.layer_choice import layer_fields
from punie_train.mlx.run_schedule import as_mapping, schedule_fields, unknown_key, unreached
from punie_train.mlx.train_config import RunConfig, optimizer_config

FIELDS = {field.name: field.type for field in fields(RunConfig)}
_LORA = {"rank": "lora_rank", "scale": "lora_scale", "dropout": "lora_dropout", "keys": "lora_keys"}
_FIXED: dict[str, tuple[Any, ...]] = {
    "train": (True, None),
    "test": (False, None),
    "trust_remote_code": (False, None),
    "clear_cache_threshold": (0, None),
    "hf_dataset": (False, None),
}
"""Keys of mlx-lm with the values that a run has anyway; others would reach nothing."""

_UNUSED = ("test_batches", "project_name")
"""Keys of mlx-lm that only matter for what a run does not do."""

_WORDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
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
                inner = f"{where}: lora_parameters"
                found |= _renamed(as_mapping(value, where=inner), _LORA, where=inner)
            case "num_layers" if isinstance(value, str):
                found |= layer_fields(value)
            case "lr_schedule":
                found |= schedule_fields(content, where=f"{where}: lr_schedule")
            case "optimizer_config":
                _check_optimizer_config(as_mapping(value, where=f"{where}: {key}"), where=where)
            case _ if key in FIELDS:
                found[key] = value
            case _ if key in _FIXED:
                if value not in _FIXED[key]:
                    raise unreached(key, value, _FIXED[key][0], where=where)
            case _ if key not in _UNUSED:
                raise unknown_key(key, (*FIELDS, "lora_parameters", "lr_schedule"), where=where)
    return {key: _typed(key, value, where=where) for key, value in found.items()}


def _check_optimizer_config(value: Mapping[str, Any], *, where: str) -> None:
    for name, settings in value.items():
        known = optimizer_config(name).get(name, {})
        if settings and dict(as_mapping(settings, where=where)) != known:
            raise unreached(f"optimizer_config: {name}", settings, known, where=where)


def _renamed(value: Mapping[str, Any], names: Mapping[str, str], *, where: str) -> dict[str, Any]:
    for key in value:
        if key not in names:
            raise unknown_key(key, tuple(names), where=where)
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
        f"Give {_WORDS.get(wanted, 'a list of texts')}.",
    )
