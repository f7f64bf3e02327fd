"""Run the checks of training data: reads the files, and lends the checks what is not pure."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from punie_train.checks.pre_training.accumulator import DataUse, Subject
from punie_train.checks.pre_training.survey import survey
from punie_train.checks.result import CheckResult
from punie_train.dataset.inputs import open_dataset
from punie_train.mlx.run_config_file import read_run_config
from punie_train.workflows.check_plan import CheckPlan


def check_data(
    data: Path,
    names: Collection[str],
    plan: CheckPlan,
    *,
    on_rows: Callable[[int], None] | None = None,
) -> Mapping[str, CheckResult]:
    """Return the results of the named checks on a dataset directory or file, after one pass.

    Raises DatasetError for files that cannot be read, UsageError for a run configuration that
    cannot.
    """
    subject = Subject(data=open_dataset(data), use=data_use(plan.run_config), limits=plan.limits)
    return survey(subject, names, on_rows=on_rows)


def data_use(run_config: Path | None) -> DataUse:
    """Return how a run configuration (mlx-lm's YAML) uses data; without one mlx-lm's defaults."""
    fields = read_run_config(run_config) if run_config else {}
    known = ("batch_size", "max_seq_length", "mask_prompt")
    return DataUse(**{name: fields[name] for name in known if name in fields})
