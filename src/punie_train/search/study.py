"""A study: optuna's trials in a storage that any number of workers share."""

import time
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Literal

import optuna
from optuna.exceptions import ExperimentalWarning, StorageInternalError, UpdateFinishedTrialError
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.storages import fail_stale_trials
from optuna.trial import FrozenTrial, Trial
from optuna.trial import TrialState as State
from sqlalchemy.exc import SQLAlchemyError

from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.search.lost_trials import BEATS, REASON, begin_again, numbers_before, queue_again
from punie_train.search.space import Choice, Range, SearchSpace
from punie_train.search.storage import first_line, open_storage, without_password
from punie_train.search.trial_records import record
from punie_train.search.trials import TrialRecord

Sampler = Literal["grid", "tpe", "random"]
NAME = "punie-train"
GRACE_SECONDS, WAIT_SECONDS = 20, 1.0
"""How long the heart of a worker may be still, and how often an idle worker looks."""

PRUNE_AFTER = 3
"""Complete trials before any is pruned."""

_SPACE, _SURPLUS = "space", "surplus"
_GRID, _NO_GRID = "grid_id", -1
"""Where optuna keeps which combination of a grid a trial is, and what is none."""

_ENDED = (State.COMPLETE, State.PRUNED)


class Pruned(Exception):  # noqa: N818 - not a failure: the trial was given up for a better one
    """The trial is worse than most at this iteration."""


class _SurplusError(Exception):
    """Other workers began as many trials as are wanted just before this one."""


class RunningTrial:
    """One trial while it runs: its parameters, and where it reports.

    `before` has the numbers of the broken-off trials that it does again.
    """

    def __init__(self, trial: Trial, space: SearchSpace, before: tuple[int, ...] = ()):
        """Draw the parameters."""
        self._trial = trial
        self.number, self.before = trial.number, before
        self.parameters = {name: self._draw(name, of) for name, of in space.domains.items()}

    def _draw(self, name: str, domain: Choice | Range) -> Any:
        if isinstance(domain, Choice):
            return self._trial.suggest_categorical(name, domain.values)
        if domain.whole:
            return self._trial.suggest_int(name, int(domain.low), int(domain.high), log=domain.log)
        return self._trial.suggest_float(name, domain.low, domain.high, log=domain.log)

    def report_loss(self, iteration: int, loss: float, *, prune: bool = True) -> None:
        """Report a validation loss; raises Pruned when most trials were better by then."""
        self._trial.report(-loss, iteration)
        if prune and self._trial.should_prune():
            raise Pruned

    def note(self, **facts: Any) -> None:
        """Keep facts beside the trial."""
        for name, value in facts.items():
            self._trial.set_user_attr(name, value)


class Study:
    """Trials in a storage; several workers may open the same one."""

    def __init__(self, url: str, space: SearchSpace, sampler: Sampler, *, seed: int) -> None:
        """Open or make the study; raises UsageError where it was made for another space.

        Raises ArtifactError for a storage that cannot be opened.
        """
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.space, self._url = space, url
        self._most = space.grid_size if sampler == "grid" else None
        self._silent_since: dict[int, float] = {}
        try:
            with _without_experimental_warnings():
                self._storage = open_storage(url, grace=GRACE_SECONDS)
                self._study = optuna.create_study(
                    study_name=NAME,
                    storage=self._storage,
                    load_if_exists=True,
                    direction="maximize",
                    sampler=_sampler(sampler, space, seed),
                    pruner=optuna.pruners.MedianPruner(
                        n_startup_trials=PRUNE_AFTER, n_warmup_steps=1
                    ),
                )
                self._check_space()
        except (PunieTrainError, KeyboardInterrupt):
            raise
        except Exception as error:
            raise ArtifactError(
                f"the storage {without_password(url)} cannot be opened ({first_line(error)})",
                "no trial can be kept",
                "Give a SQLite file or the URL of a database whose driver is installed",
            ) from error

    def _check_space(self) -> None:
        mine = {name: repr(domain) for name, domain in sorted(self.space.domains.items())}
        there = self._study.user_attrs.get(_SPACE)
        if there is None:
            self._study.set_user_attr(_SPACE, mine)
        elif there != mine:
            raise UsageError(
                "the study in this storage was made for another search space",
                "its trials could not be compared with new ones",
                "Give the same --space, or another --output or --storage.",
            )

    def run(
        self,
        wanted: int,
        objective: Callable[[RunningTrial], float],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """Run trials until `wanted` are done, or every combination of a grid, whoever does them.

        `on_change` is called at the start and whenever more are done. `objective` returns the score
        of a trial, or raises Pruned or PunieTrainError, which end that trial alone. A trial whose
        worker is gone for `GRACE_SECONDS` is begun again. Raises ArtifactError when the storage is
        lost.
        """
        told = -1
        wanted = wanted if self._most is None else min(wanted, self._most)
        try:
            while told < wanted:
                self._end_lost()
                if (done := self._done()) != told:
                    told = done
                    on_change()
                elif done + len(self._with(State.RUNNING)) >= wanted:
                    time.sleep(WAIT_SECONDS)
                else:
                    self._run_one(wanted, objective)
        except (SQLAlchemyError, StorageInternalError) as error:
            raise ArtifactError(
                f"the storage {without_password(self._url)} is lost ({first_line(error)})",
                "no further trial can be kept; those that ended are in it",
                "Run the same command again when it is back",
            ) from error

    def _run_one(self, wanted: int, objective: Callable[[RunningTrial], float]) -> None:
        begun: list[int] = []

        def one(trial: Trial) -> float:
            begun.append(trial.number)
            return self._one(trial, wanted, objective)

        try:
            with _without_experimental_warnings():
                self._study.optimize(one, n_trials=1, catch=(PunieTrainError, _SurplusError))
        except (UpdateFinishedTrialError, ValueError):
            if not (begun and self._is_given_away(begun[0])):
                raise
        except BaseException:
            if begun and not self._is_given_away(begun[0]):
                queue_again(self._study, self._study.get_trials(deepcopy=False)[begun[0]])
            raise

    def _one(self, trial: Trial, wanted: int, objective: Callable[[RunningTrial], float]) -> float:
        own = self._id_of(trial.number)
        self._storage.record_heartbeat(own)  # optuna's thread may come too late for a short trial
        self._storage.set_trial_system_attr(own, BEATS, value=True)
        all_trials = self._study.get_trials(deepcopy=False)
        if _is_surplus(all_trials, trial.number, wanted):
            trial.set_user_attr(_SURPLUS, True)
            self._storage.set_trial_system_attr(own, _GRID, _NO_GRID)
            time.sleep(WAIT_SECONDS)
            raise _SurplusError
        running = RunningTrial(trial, self.space, numbers_before(all_trials[trial.number]))
        try:
            return objective(running)
        except Pruned as error:
            raise optuna.TrialPruned from error
        except PunieTrainError as error:
            running.note(**{REASON: str(error)})
            raise

    def _end_lost(self) -> None:
        """Fail the trials whose worker is gone, and queue them again.

        optuna looks at heartbeats alone: a worker that is killed before its first one leaves a
        trial that would run for ever, and one that is killed while it gives up
        another's trial leaves that one failed. Such trials are given as long from when they are
        first seen, since the clocks of other machines may differ.
        """
        with _without_experimental_warnings():
            fail_stale_trials(self._study)
        trials = self._study.get_trials(deepcopy=False)
        again = {number for trial in trials for number in numbers_before(trial)}
        now = time.monotonic()
        silent = [trial for trial in trials if trial.number not in again and _is_silent(trial)]
        since = {trial.number: self._silent_since.get(trial.number, now) for trial in silent}
        self._silent_since = since
        for trial in silent:
            if now - since[trial.number] > GRACE_SECONDS:
                with suppress(UpdateFinishedTrialError):  # it has failed already
                    self._storage.set_trial_state_values(self._id_of(trial.number), State.FAIL)
                begin_again(self._study, trial)

    def _id_of(self, number: int) -> int:
        study = self._storage.get_study_id_from_name(NAME)
        return self._storage.get_trial_id_from_study_id_trial_number(study, number)

    def _is_given_away(self, number: int) -> bool:
        """Say whether another worker took this one for gone and began its trial again."""
        trials = self._study.get_trials(deepcopy=False)
        return any(number in numbers_before(trial) for trial in trials)

    def _done(self) -> int:
        failed = self._with(State.FAIL)
        return len(self._with(*_ENDED)) + sum(REASON in trial.user_attrs for trial in failed)

    def _with(self, *states: State) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=states)

    def records(self) -> tuple[TrialRecord, ...]:
        """Return every trial that began, by number; one that was broken off is left out."""
        trials = self._study.get_trials(deepcopy=False)
        return tuple(record(trial) for trial in trials if trial.params and _counts(trial))

    def importances(self) -> dict[str, float]:
        """Return the share of each parameter in the differences of scores; {} when unknown.

        The evaluator is PED-ANOVA (Watanabe et al., 2023), as optuna has it.
        """
        complete = self._with(State.COMPLETE)
        if len({trial.value for trial in complete}) < 2:
            return {}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return get_param_importances(self._study, evaluator=PedAnovaImportanceEvaluator())
        except (ValueError, RuntimeError):
            return {}


@contextmanager
def _without_experimental_warnings() -> Generator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExperimentalWarning)
        yield


def _is_surplus(trials: Sequence[FrozenTrial], number: int, wanted: int) -> bool:
    """Say whether earlier trials are as many as wanted, or do the same combination of a grid."""
    earlier = [trial for trial in trials[:number] if _counts(trial)]
    grid = trials[number].system_attrs.get(_GRID)
    same = grid is not None and any(each.system_attrs.get(_GRID) == grid for each in earlier)
    return same or len(earlier) >= wanted


def _is_silent(trial: FrozenTrial) -> bool:
    """Say whether nobody seems to do a trial, for which optuna has no heartbeat."""
    if trial.state is State.FAIL:
        return not (_counts(trial) or _SURPLUS in trial.user_attrs)
    return trial.state is State.RUNNING and BEATS not in trial.system_attrs


def _counts(trial: FrozenTrial) -> bool:
    """Say whether a trial is one of those that are wanted."""
    return trial.state is not State.FAIL or REASON in trial.user_attrs


def _sampler(sampler: Sampler, space: SearchSpace, seed: int) -> optuna.samplers.BaseSampler:
    match sampler:
        case "grid":
            if (grid := space.grid) is None:
                raise UsageError(
                    "--sampler grid with a range in the space",
                    "a range has no end of values",
                    "List the values, or use --sampler tpe.",
                )
            return optuna.samplers.GridSampler(_as_lists(grid), seed=seed)
        case "tpe":
            return optuna.samplers.TPESampler(seed=seed, constant_liar=True)
        case "random":
            return optuna.samplers.RandomSampler(seed=seed)


def _as_lists(grid: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in grid.items()}
