"""Progressive pruning: one recipe of steps, each a dataset of its own to train and evaluate."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.dataset.inputs import MANIFEST, DatasetInput, open_dataset
from punie_train.dataset.operation_report import OperationReport
from punie_train.dataset.operations import RowOperation
from punie_train.dataset.python_version_filter import PythonVersionFilter
from punie_train.dataset.text_filters import LanguageFilter
from punie_train.workflows.dataset_output import DATASET, write_facts
from punie_train.workflows.merge_datasets import check_apart, merge_datasets
from punie_train.workflows.run_operation import Seen, run_operation

RECIPE = "recipe.json"

Progress = Callable[[str, DatasetInput], AbstractContextManager[Seen | None]]


@dataclass(frozen=True, slots=True)
class PruneStep:
    """A step: its letter and name, which make its directory, and the filters that it adds."""

    letter: str
    name: str
    operations: Sequence[RowOperation]

    @property
    def directory(self) -> str:
        """Return the name of the step's directory."""
        return f"{self.letter}-{self.name}"


MERGED = PruneStep("d", "hand-authored", ())


@dataclass(frozen=True, slots=True)
class PrunedStep:
    """A step that was done: what it was, where its dataset is, and its report."""

    step: PruneStep
    path: Path
    report: OperationReport


def standard_steps() -> tuple[PruneStep, ...]:
    """Return A to C: other languages go, then Python 2, then all below 3.10 and its style."""
    return (
        PruneStep("a", "english", (LanguageFilter("en"),)),
        PruneStep("b", "python-3", (PythonVersionFilter(minimum=(3, 0)),)),
        PruneStep("c", "python-3.10", (PythonVersionFilter(minimum=(3, 10), modern=True),)),
    )


def prune_dataset(
    data: Path,
    output: Path,
    *,
    steps: Sequence[PruneStep],
    hand_authored: Path | None = None,
    seed: int = 0,
    force: bool = False,
    progress: Progress | None = None,
) -> list[PrunedStep]:
    """Apply steps one after another, each to what the one before left, and merge as the last.

    Each step is a dataset directory in `output` with its own report; `recipe.json` names them in
    order, with settings and counts, and is written last: without it the pruning is not finished.
    With `force` nothing stays of an earlier pruning, its step D neither.
    The same data and steps give the same bytes. Raises DatasetError and UsageError.
    """
    open_dataset(data)
    if hand_authored is not None:
        check_apart([data, hand_authored])
    _check_free(output, force=force)
    done: list[PrunedStep] = []
    source = data
    for step in steps:
        place = output / step.directory
        name = f"prune-{step.letter}"
        shown = progress(name, open_dataset(source)) if progress else nullcontext()
        with shown as seen:
            report = run_operation(name, source, place, step.operations, force=force, on_bytes=seen)
        done.append(PrunedStep(step, place, report))
        source = place
    if hand_authored is not None:
        place = output / MERGED.directory
        report = merge_datasets([source, hand_authored], place, seed=seed, force=force)
        done.append(PrunedStep(MERGED, place, report))
    elif force and (old := output / MERGED.directory).is_dir() and DATASET.replaceable(old):
        shutil.rmtree(old)
    write_facts(output / RECIPE, _recipe(data, hand_authored, seed, done))
    return done


def _check_free(output: Path, *, force: bool) -> None:
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file", "steps are directories", "Give another --output.")
    if not output.is_dir() or not any(output.iterdir()):
        return
    if not force:
        raise UsageError(
            f"{output} is not empty",
            "steps of another pruning would be mixed with these",
            "Give another --output, or --force to replace the steps.",
        )
    if (output / MANIFEST).is_file():
        raise UsageError(
            f"{output} is a dataset itself", "it is no pruning", "Give another --output."
        )
    (output / RECIPE).unlink(missing_ok=True)


def _recipe(
    data: Path, hand_authored: Path | None, seed: int, done: Sequence[PrunedStep]
) -> dict[str, Any]:
    return {
        "data": str(data),
        "hand_authored": str(hand_authored) if hand_authored else None,
        "seed": seed,
        "steps": [
            {
                "step": one.step.letter.upper(),
                "directory": one.step.directory,
                "filters": {each.name: dict(each.settings) for each in one.step.operations},
                "read": one.report.read,
                "kept": one.report.kept,
                "removed": one.report.removed,
            }
            for one in done
        ],
    }
