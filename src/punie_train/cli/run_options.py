"""The options of `punie-train run` as fields, and those that do not fit together."""

import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings


def refuse_with_resume(given: Mapping[str, Any]) -> None:
    """Raise UsageError for what would begin another run."""
    for name in ("config", "adapter"):
        if given[name] is not None:
            raise UsageError(
                f"--{name} and --resume are both given",
                "a resumed run has the parameters that it began with",
                f"Leave out --{name}.",
            )


def check_trackers(names: Iterable[str]) -> None:
    """Raise UsageError for a tracker that is not installed."""
    for name in sorted(names):
        if importlib.util.find_spec(name) is None:
            raise UsageError(
                f"--report-to {name}: the package {name} is not installed",
                "nothing could be reported to it",
                f"Install it (pip install {name}), or leave the option out.",
            )


def run_fields(given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the options that were given as fields of RunConfig."""
    from punie_train.mlx.layer_choice import layer_fields
    from punie_train.mlx.run_config_file import FIELDS

    options = {name: value for name, value in given.items() if name in FIELDS and value is not None}
    if "data" in options:
        options["data"] = str(options["data"])
    elif settings.data and given["config"] is None and not given["resume"]:
        options["data"] = str(settings.root / settings.data)
    if "lora_keys" in options:
        options["lora_keys"] = tuple(options["lora_keys"])
    if "num_layers" in options:
        options |= layer_fields(options["num_layers"])
    if "category" in options:
        options["category"] = tuple(options["category"])
    if "hosts" in options:
        options["hosts"] = tuple(each.strip() for each in options["hosts"].split(","))
    if given["resume"]:
        return options
    for name, shown in (("data", "DATA"), ("adapter_path", "--output")):
        if name not in options and given["config"] is None:
            raise UsageError(
                f"{shown} is missing",
                "nothing can be trained",
                "For example: punie-train run data/v1 --output adapters/mine.",
            )
    return options
