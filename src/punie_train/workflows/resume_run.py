"""Go on with a run that was killed or interrupted: with its own parameters, data and model."""

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.run_config_file import read_run_config
from punie_train.mlx.train_config import RunConfig
from punie_train.workflows.output_directory import unfinished_run
from punie_train.workflows.plan_run import RunPlan, plan_run
from punie_train.workflows.trainer_process import ASKED_NAME, RUN_NAME

_BEGIN_AGAIN = "Leave out --resume and give --force to begin again."


def plan_resume(options: Mapping[str, Any], *, settings: Settings) -> RunPlan:
    """Return the plan of the unfinished run at `adapter_path`.

    Raises UsageError when there is none, or when an option differs from what the run was asked for.
    """
    path = Path(str(options.get("adapter_path") or ""))
    found = unfinished_run(path) if path.name else None
    if found is None or not (found / RUN_NAME).is_file():
        raise UsageError(
            f"{path if path.name else '--output'} names no unfinished run",
            "there is nothing to resume",
            "Leave out --resume, or give the --output of the run that was stopped.",
        )
    stored = read_run_config(found / RUN_NAME)
    names = [field.name for field in fields(RunConfig) if field.name != "adapter_path"]
    for name in names:
        if name in options and options[name] != stored.get(name):
            raise UsageError(
                f"{name.replace('_', '-')} is {options[name]!r}, and {stored.get(name)!r} in the "
                "unfinished run",
                "the rest of a run cannot have other parameters than its beginning",
                f"Leave the option out. {_BEGIN_AGAIN}",
            )
    return plan_run({**stored, "adapter_path": str(path)}, settings=settings)


def check_same_origin(work: Path, origin: Mapping[str, str]) -> None:
    """Raise UsageError when data or base model are not those that the run began with."""
    try:
        before = json.loads((work / ASKED_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = dict(origin)
    for name, words in (("data", "the training data"), ("base", "the base model")):
        if before.get(name) != origin[name]:
            raise UsageError(
                f"{words} changed since the run began",
                "its second half would be trained on something else",
                f"Restore it. {_BEGIN_AGAIN}",
            )
