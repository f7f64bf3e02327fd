"""The pre-training checks before a run: what they fail of is not trained on by accident."""

import dataclasses
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from punie_train.checks.catalogue import Stage, checks_of
from punie_train.checks.limits import read_limits
from punie_train.checks.result import CheckResult
from punie_train.core.errors import ExitStatus, PunieTrainError
from punie_train.core.settings import Settings
from punie_train.reporting.check_words import failure_message, warning_lines
from punie_train.workflows.check_plan import Artifact, CheckPlan, run_checks
from punie_train.workflows.plan_run import RunPlan


class FailedChecksError(PunieTrainError):
    """The data of a run fails checks; `details` has the messages of all of them."""

    status = ExitStatus.ANSWER_IS_NO

    def __init__(self, data: str, failed: Sequence[CheckResult]) -> None:
        """Name the checks, and keep what each of them says."""
        names = ", ".join(result.check.name for result in failed)
        super().__init__(
            f"{data} fails {names}",
            "it was not trained on",
            "Mend the data, set other limits in [tool.punie-train.checks], or give --skip-checks.",
        )
        self.details = "\n".join(map(failure_message, failed))

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.details}"


def check_run_data(
    plan: RunPlan, settings: Settings, *, on_rows: Callable[[int], None] | None = None
) -> tuple[str, ...]:
    """Check the data as this run would use it; return the warnings, with further places indented.

    Raises FailedChecksError with the message of every check that fails. `one-row-per-turn` holds:
    a run of ours cuts rows itself.
    """
    limits = dataclasses.replace(read_limits(settings.checks), one_row_per_turn=True)
    data = Path(plan.config.data)
    artifact = Artifact(stage=Stage.PRE_TRAINING, path=data, name=plan.config.data)
    names = [check.name for check in checks_of(Stage.PRE_TRAINING)]
    with tempfile.TemporaryDirectory(prefix="punie-train-checks-") as folder:
        run_config = Path(folder) / "run.yaml"
        run_config.write_text(plan.config.to_yaml(), encoding="utf-8")
        found = run_checks(
            artifact,
            names,
            CheckPlan(
                settings=settings, limits=limits, model=plan.config.model, run_config=run_config
            ),
            on_rows=on_rows,
        )
    failed = [result for result in found.values() if not result.passed]
    if failed:
        raise FailedChecksError(plan.config.data, failed)
    return tuple(line for result in found.values() for line in warning_lines(result))
