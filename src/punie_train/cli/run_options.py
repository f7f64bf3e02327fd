"""Options of `punie-train run` that do not fit together, or to this machine."""

import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any

from punie_train.core.errors import UsageError


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
