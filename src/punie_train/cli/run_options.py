"""Options of `punie-train run` that do not work yet: hidden, and refused when used."""

from collections.abc import Mapping
from typing import Any

import typer

from punie_train.core.errors import UsageError

UNAVAILABLE = typer.Option(hidden=True)
_NAMES = (
    "curriculum",
    "category",
    "nproc",
    "hosts",
    "report_to",
    "resume",
    "skip_checks",
    "evaluate_after",
)


def refuse_unavailable(given: Mapping[str, Any]) -> None:
    """Raise UsageError for the first option that was given and would do nothing."""
    for name in _NAMES:
        if given[name]:
            raise UsageError(
                f"--{name.replace('_', '-')} is not available yet",
                "it would do nothing",
                "Leave it out; `punie-train run --help` lists what works.",
            )
