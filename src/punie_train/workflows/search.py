"""Search hyperparameters: each trial is a training run and its evaluation."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from punie_train.core.errors import PunieTrainError, UsageError
from punie_train.core.settings import Settings
from punie_train.core.whole_files import write_text
from punie_train.mlx.adapter_manifest import MANIFEST_NAME
from punie_train.mlx.metrics import ValidMetric
from punie_train.mlx.run_config_file import run_config_fields
from punie_train.mlx.train_data import read_train_data
from punie_train.mlx.training_errors import RunInterruptedError
from punie_train.reporting.search_views import search_json, search_page
from punie_train.search.space import SearchSpace, ends
from punie_train.search.study import RunningTrial, Sampler, Study
from punie_train.search.trials import TrialRecord
from punie_train.workflows.evaluation_run import EvaluationError, evaluate_in_child
from punie_train.workflows.output_directory import OutputDirectory
from punie_train.workflows.plan_run import plan_run
from punie_train.workflows.scoring_suite import check_suite
from punie_train.workflows.train import TrainEvent, train

STUDY_NAME, RESULT_NAME, PAGE_NAME = "study.db", "search.json", "search.html"
EVALUATION_NAME = "evaluation.json"
DEFINES_LOSS = {"mask_prompt", "max_seq_length", "batch_size", "val_batches"}
"""Where one of these varies, validation losses do not compare and no trial is pruned by them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlan:
    """What is searched: `options` are the parameters that all trials share.

    `storage` is a database URL, None for a SQLite file in the output directory.
    """

    options: Mapping[str, Any]
    run_file: Path | None
    space: SearchSpace
    sampler: Sampler
    trials: int
    suite: Path
    output: Path
    storage: str | None = None
    seed: int = 0

    @property
    def wanted(self) -> int:
        """Return how many trials there are in all; a grid has an end."""
        grid = self.space.grid_size if self.sampler == "grid" else None
        return self.trials if grid is None else min(self.trials, grid)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The trials so far, by number, and each parameter's share in the differences of scores."""

    trials: tuple[TrialRecord, ...]
    importances: Mapping[str, float] = field(default_factory=dict)


def search(
    plan: SearchPlan,
    settings: Settings,
    *,
    on_change: Callable[[SearchResult], None] = lambda _: None,
    on_event: Callable[[int, TrainEvent], None] = lambda *_: None,
) -> SearchResult:
    """Run trials until as many as asked for are done; results and page are written after each.

    A search in the same output or storage goes on. Raises PunieTrainError for what every trial
    would fail of; what one trial fails of stands in its record. On KeyboardInterrupt the trial
    that runs is queued again.
    """
    check_suite(plan.suite, settings)
    _check_runs(plan, settings)
    study = _study(plan)
    study.run(
        plan.wanted,
        lambda trial: _trial(plan, settings, trial, on_event),
        on_change=lambda: on_change(_write(plan, study)),
    )
    return _write(plan, study)


def _check_runs(plan: SearchPlan, settings: Settings) -> None:
    """Raise PunieTrainError for data or a value of the space with which no run can work."""
    first = {**plan.options, "adapter_path": str(_path(plan, 0))}
    read_train_data(plan_run(first, settings=settings, run_file=plan.run_file).config)
    for name, domain in plan.space.domains.items():
        for value in ends(domain):
            typed = run_config_fields({name: value}, where="the search space")
            plan_run({**first, **typed}, settings=settings, run_file=plan.run_file)


def _study(plan: SearchPlan) -> Study:
    try:
        plan.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{plan.output} cannot be made ({error.strerror})",
            "the trials would have no place",
            "Give another --output.",
        ) from error
    storage = plan.storage or f"sqlite:///{(plan.output / STUDY_NAME).resolve()}"
    study = Study(storage, plan.space, plan.sampler, seed=plan.seed)
    if not study.records() and any(plan.output.glob("trial-*")):
        raise UsageError(
            f"{plan.output} holds trials of another study",
            "they would be overwritten",
            "Give another --output, or the --storage that these trials are in.",
        )
    return study


def _path(plan: SearchPlan, number: int) -> Path:
    return plan.output / f"trial-{number:03d}"


def _trial(
    plan: SearchPlan,
    settings: Settings,
    trial: RunningTrial,
    on_event: Callable[[int, TrainEvent], None],
) -> float:
    path = _path(plan, trial.number)
    for number in trial.before:
        _clear(_path(plan, number))
    prune = not DEFINES_LOSS & plan.space.domains.keys()

    def watch(event: TrainEvent) -> None:
        on_event(trial.number, event)
        if isinstance(event, ValidMetric):
            trial.report_loss(event.iteration, event.valid_loss, prune=prune)

    options = {**plan.options, **trial.parameters, "adapter_path": str(path)}
    run = plan_run(options, settings=settings, run_file=plan.run_file)
    try:
        trained = train(run, force=True, on_event=watch)
    except RunInterruptedError as error:
        raise KeyboardInterrupt from error
    except BaseException:
        _clear(path)
        raise
    if not trained.complete:
        shutil.rmtree(trained.path)
        raise KeyboardInterrupt
    trial.note(path=str(path))
    report = evaluate_in_child(
        f"the evaluation of {path.name}",
        plan.suite,
        path / EVALUATION_NAME,
        ["--adapter", str(path), "--model", str(run.model_dir)],
    )
    if not (report.summary and report.adapters) or report.interrupted:
        raise _unmeasured(path, "the evaluation did not reach every case")
    (tally,) = (each.overall for each in report.summary.values())
    if tally.score is None:
        raise _unmeasured(path, "no case was available")
    interval = tally.interval
    trial.note(
        cases=tally.cases,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )
    return tally.score


def _unmeasured(path: Path, why: str) -> EvaluationError:
    log = (path / EVALUATION_NAME).with_suffix(".log")
    return EvaluationError(f"{path.name} was not measured", why, f"Read {log}")


def _clear(path: Path) -> None:
    """Remove what a trial left that was broken off, unless a run is still writing there."""
    with suppress(PunieTrainError):
        OutputDirectory(path, force=True).discard()
        if (path / MANIFEST_NAME).is_file():
            shutil.rmtree(path)


def _write(plan: SearchPlan, study: Study) -> SearchResult:
    result = SearchResult(trials=study.records(), importances=study.importances())
    write_text(plan.output / RESULT_NAME, search_json(result.trials, result.importances))
    write_text(plan.output / PAGE_NAME, search_page(result.trials, result.importances))
    return result
