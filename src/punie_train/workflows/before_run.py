"""What is looked at before a run starts; `--skip-checks` leaves it out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.splits import find_splits, read_split
from punie_train.mlx.train_data import TrainData
from punie_train.workflows.plan_run import RunPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """What a check may look at: the plan, and the rows as they will be trained."""

    plan: RunPlan
    data: TrainData


Check = Callable[[PlannedRun], Iterable[str]]
"""Yields warnings; raises PunieTrainError for what must not be trained."""


def test_split_is_readable(run: PlannedRun) -> Iterable[str]:
    """Warn of a test split that cannot be read: training does not look at it."""
    files = find_splits(Path(run.plan.config.data))
    if files.test is None:
        return
    try:
        read_split(files.test)
    except DatasetError as error:
        yield f"{error} (training does not read it)"


CHECKS: Sequence[Check] = (test_split_is_readable,)


def check_before_run(run: PlannedRun, checks: Sequence[Check] = CHECKS) -> tuple[str, ...]:
    """Return the warnings of all checks; the first that refuses the run raises."""
    return tuple(warning for check in checks for warning in check(run))
