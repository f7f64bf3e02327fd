"""The options that compare a run with a baseline."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from punie_train.core.errors import UsageError
from punie_train.pytest_plugin.bounds import parse_bound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from punie_train.evals.baseline_gate import BaselinePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineOptions:
    """What to compare with, and what may be lost: 0.0 to 1.0, by category or `overall`."""

    asked: str
    max_drop: "Mapping[str, float]" = field(default_factory=dict)
    strict: bool = False

    def policy(self, max_unavailable: float) -> "BaselinePolicy":
        """Return the policy; without a drop of its own, `overall` may lose the usual 5 points."""
        from punie_train.evals.baseline_gate import BaselinePolicy

        if not self.max_drop:
            return BaselinePolicy(strict=self.strict, max_unavailable=max_unavailable)
        return BaselinePolicy(
            max_drop=self.max_drop, strict=self.strict, max_unavailable=max_unavailable
        )


def register(group: pytest.OptionGroup) -> None:
    """Add the options."""
    group.addoption(
        "--eval-baseline",
        metavar="FILE_OR_ADAPTER",
        help="compare the last adapter, case by case, with a stored report or with another "
        "adapter of this session; the verdict decides the exit status",
    )
    group.addoption(
        "--eval-max-drop",
        action="append",
        default=[],
        metavar="[CATEGORY=]X",
        help="how much of the baseline's score may be lost, 0.0 to 1.0 (default: 0.05 overall); "
        "repeatable",
    )
    group.addoption(
        "--eval-strict",
        action="store_true",
        help="an INCONCLUSIVE comparison fails, too",
    )


def read(config: pytest.Config) -> BaselineOptions | None:
    """Return the options, None without a baseline; raise UsageError for a gate without one."""
    asked = config.getoption("--eval-baseline")
    drops = [parse_bound("--eval-max-drop", text) for text in config.getoption("--eval-max-drop")]
    strict = config.getoption("--eval-strict")
    if asked is None:
        if drops or strict:
            option = "--eval-max-drop" if drops else "--eval-strict"
            raise UsageError(
                f"{option} without --eval-baseline",
                "there is nothing to compare with",
                "Give --eval-baseline FILE_OR_ADAPTER.",
            )
        return None
    return BaselineOptions(asked=asked, max_drop=dict(drops), strict=strict)
