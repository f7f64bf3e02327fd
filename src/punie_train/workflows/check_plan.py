"""What is to be checked, and who checks it: one workflow for each stage."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from punie_train.checks.catalogue import Stage
from punie_train.checks.limits import CheckLimits
from punie_train.checks.result import CheckResult
from punie_train.core.settings import Settings

if TYPE_CHECKING:
    from punie_train.workflows.check_servers import CheckServers

OnRows = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One thing that checks look at: its stage, its path, and the name a user knows it by."""

    stage: Stage
    path: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPlan:
    """What all checks of a session share.

    `server_url` is a server that somebody else runs, `server_model` the name it is asked by.
    Without `servers` no model is started.
    """

    settings: Settings
    limits: CheckLimits
    model: str | None = None
    adapter: Path | None = None
    data: Path | None = None
    run_config: Path | None = None
    server_url: str | None = None
    server_model: str | None = None
    servers: "CheckServers | None" = None


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
        case Stage.POST_TRAINING:
            from punie_train.workflows.check_adapter import check_adapter

            return check_adapter(artifact.path, names, plan)
        case Stage.POST_FUSION | Stage.POST_QUANTIZATION as stage:
            from punie_train.workflows.check_made_model import check_made_model

            quantized = stage is Stage.POST_QUANTIZATION
            return check_made_model(artifact.path, names, plan, quantized=quantized)
        case Stage.RUNTIME:
            from punie_train.workflows.check_runtime import check_runtime

            return check_runtime(artifact.path, names, plan)
