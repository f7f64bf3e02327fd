"""Search hyperparameters: each trial is a training run and its evaluation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from punie_train.core.settings import Settings
from punie_train.core.whole_files import write_text
from punie_train.mlx.metrics import ValidMetric
from punie_train.reporting.search_views import search_json, search_page
from punie_train.search.space import SearchSpace
from punie_train.search.study import RunningTrial, Sampler, Study
from punie_train.search.trials import TrialRecord
from punie_train.workflows.evaluation_run import EvaluationError, evaluate_in_child
from punie_train.workflows.plan_run import plan_run
from punie_train.workflows.train import TrainEvent, train

STUDY_NAME, RESULT_NAME, PAGE_NAME = "study.db", "search.json", "search.html"
EVALUATION_NAME = "evaluation.json"


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
    would fail of; what one trial fails of stands in its record.
    """
    plan.output.mkdir(parents=True, exist_ok=True)
    storage = plan.storage or f"sqlite:///{(plan.output / STUDY_NAME).resolve()}"
    study = Study(storage, plan.space, plan.sampler, seed=plan.seed)

    on_change(_write(plan, study))
    study.run(
        plan.wanted,
        lambda trial: _trial(plan, settings, trial, on_event),
        on_end=lambda: on_change(_write(plan, study)),
    )
    result = _write(plan, study)
    on_change(result)
    return result


def _trial(
    plan: SearchPlan,
    settings: Settings,
    trial: RunningTrial,
    on_event: Callable[[int, TrainEvent], None],
) -> float:
    path = plan.output / f"trial-{trial.number:03d}"
    trial.note(path=str(path))

    def watch(event: TrainEvent) -> None:
        on_event(trial.number, event)
        if isinstance(event, ValidMetric):
            trial.report_loss(event.iteration, event.valid_loss)

    options = {**plan.options, **trial.parameters, "adapter_path": str(path)}
    run = plan_run(options, settings=settings, run_file=plan.run_file)
    train(run, force=True, on_event=watch)
    report = evaluate_in_child(
        f"the evaluation of {path.name}",
        plan.suite,
        path / EVALUATION_NAME,
        ["--adapter", str(path), "--model", str(run.model_dir)],
    )
    (tally,) = (each.overall for each in report.summary.values())
    if tally.score is None:
        raise EvaluationError(
            f"{path.name} was not measured",
            "no case was available",
            f"Read {path / EVALUATION_NAME}",
        )
    interval = tally.interval
    trial.note(
        cases=tally.cases,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )
    return tally.score


def _write(plan: SearchPlan, study: Study) -> SearchResult:
    result = SearchResult(trials=study.records(), importances=study.importances())
    write_text(plan.output / RESULT_NAME, search_json(result.trials, result.importances))
    write_text(plan.output / PAGE_NAME, search_page(result.trials, result.importances))
    return result
