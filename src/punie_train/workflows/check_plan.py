"""What is to be checked, and who checks it: one workflow for each stage."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from punie_train.checks.catalogue import Stage
from punie_train.checks.limits import CheckLimits
from punie_train.checks.result import CheckResult
from punie_train.core.settings import Settings

OnRows = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One thing that checks look at: its stage, its path, and the name a user knows it by."""

    stage: Stage
    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What all checks of a session share."""

    settings: Settings
    limits: CheckLimits
    model: str | None = None
    adapter: Path | None = None
    data: Path | None = None
    run_config: Path | None = None


def run_checks(
    artifact: Artifact, names: Collection[str], plan: CheckPlan, *, on_rows: OnRows | None = None
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on one artifact, in the catalogue's order.

    Raises PunieTrainError for what cannot be read at all.
    """
    match artifact.stage:
        case Stage.PRE_TRAINING:
            from punie_train.workflows.check_data import check_data

            return check_data(artifact.path, names, plan, on_rows=on_rows)
        case _:
            raise NotImplementedError(artifact.stage)
