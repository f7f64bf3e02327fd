"""A study: optuna's trials in a storage that any number of workers share."""

import time
import warnings
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import optuna
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances
from optuna.storages import RDBStorage, RetryHeartbeatStaleTrialCallback, fail_stale_trials
from optuna.trial import FrozenTrial, Trial
from optuna.trial import TrialState as State

from punie_train.core.errors import ArtifactError, PunieTrainError, UsageError
from punie_train.search.space import Choice, Range, SearchSpace
from punie_train.search.trials import TrialRecord, TrialState

Sampler = Literal["grid", "tpe", "random"]
NAME = "punie-train"
HEARTBEAT_SECONDS, GRACE_SECONDS, WAIT_SECONDS = 5, 20, 1.0
RETRIES = 2
"""How often a trial whose worker is gone is begun again."""

PRUNE_AFTER = 2
"""Complete trials before any is pruned."""

_SPACE = "space"
_HISTORY = "retry_history"
"""Where optuna's retry keeps the numbers of the lost trials that a trial stands for."""

_ENDED = (State.COMPLETE, State.PRUNED)


class Pruned(Exception):  # noqa: N818 - not a failure: the trial was given up for a better one
    """The trial is worse than most at this iteration."""


class RunningTrial:
    """One trial while it runs: its parameters, and where it reports."""

    def __init__(self, trial: Trial, space: SearchSpace):
        """Draw the parameters."""
        self._trial = trial
        self.number = trial.number
        self.parameters = {name: self._draw(name, of) for name, of in space.domains.items()}

    def _draw(self, name: str, domain: Choice | Range) -> Any:
        if isinstance(domain, Choice):
            return self._trial.suggest_categorical(name, domain.values)
        if domain.whole:
            return self._trial.suggest_int(name, int(domain.low), int(domain.high), log=domain.log)
        return self._trial.suggest_float(name, domain.low, domain.high, log=domain.log)

    def report_loss(self, iteration: int, loss: float) -> None:
        """Report a validation loss; raises Pruned when most trials were better by then."""
        self._trial.report(-loss, iteration)
        if self._trial.should_prune():
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
        self.space = space
        try:
            with _without_experimental_warnings():
                self._study = optuna.create_study(
                    study_name=NAME,
                    storage=_storage(url),
                    load_if_exists=True,
                    direction="maximize",
                    sampler=_sampler(sampler, space, seed),
                    pruner=optuna.pruners.MedianPruner(n_startup_trials=PRUNE_AFTER),
                )
        except (PunieTrainError, KeyboardInterrupt):
            raise
        except Exception as error:
            raise ArtifactError(
                f"the storage {_without_password(url)} cannot be opened "
                f"({str(error).splitlines()[0]})",
                "no trial can be kept",
                "Give a SQLite file or the URL of a database whose driver is installed",
            ) from error
        self._check_space()

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
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run trials until `wanted` are done, whoever does them; `on_end` is called after each.

        `objective` returns the score of a trial, or raises Pruned or PunieTrainError, which end
        that trial alone. A trial whose worker is gone for `GRACE_SECONDS` is begun again.
        """
        while True:
            with _without_experimental_warnings():
                fail_stale_trials(self._study)
            done = self._done()
            if done >= wanted:
                return
            if done + len(self._with(State.RUNNING)) >= wanted:
                time.sleep(WAIT_SECONDS)
                continue
            with _without_experimental_warnings():
                self._study.optimize(
                    lambda trial: self._one(trial, objective), n_trials=1, catch=PunieTrainError
                )
            on_end()

    def _one(self, trial: Trial, objective: Callable[[RunningTrial], float]) -> float:
        running = RunningTrial(trial, self.space)
        try:
            return objective(running)
        except Pruned as error:
            raise optuna.TrialPruned from error
        except PunieTrainError as error:
            running.note(reason=str(error))
            raise

    def _done(self) -> int:
        failed = self._with(State.FAIL)
        return len(self._with(*_ENDED)) + sum("reason" in trial.user_attrs for trial in failed)

    def _with(self, *states: State) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=states)

    def records(self) -> tuple[TrialRecord, ...]:
        """Return every trial that began, by number; a lost one that began again is left out."""
        trials = [trial for trial in self._study.get_trials(deepcopy=False) if trial.params]
        again = {number for trial in trials for number in trial.system_attrs.get(_HISTORY, ())}
        return tuple(_record(trial) for trial in trials if trial.number not in again)

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
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield


def _storage(url: str) -> RDBStorage:
    return RDBStorage(
        url,
        heartbeat_interval=HEARTBEAT_SECONDS,
        grace_period=GRACE_SECONDS,
        heartbeat_stale_trial_callback=RetryHeartbeatStaleTrialCallback(max_retry=RETRIES),
    )


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


def _record(trial: FrozenTrial) -> TrialRecord:
    facts = trial.user_attrs
    return TrialRecord(
        number=trial.number,
        state=_state(trial),
        parameters=dict(trial.params),
        score=trial.value if trial.state is State.COMPLETE else None,
        low=facts.get("low"),
        high=facts.get("high"),
        cases=facts.get("cases"),
        losses={at: -value for at, value in sorted(trial.intermediate_values.items())},
        path=facts.get("path"),
        seconds=trial.duration.total_seconds() if trial.duration else None,
        reason=facts.get("reason"),
    )


def _state(trial: FrozenTrial) -> TrialState:
    match trial.state:
        case State.COMPLETE:
            return TrialState.COMPLETE
        case State.PRUNED:
            return TrialState.PRUNED
        case State.FAIL:
            return TrialState.FAILED if "reason" in trial.user_attrs else TrialState.LOST
        case State.WAITING:
            return TrialState.WAITING
        case _:
            return TrialState.RUNNING


def _without_password(url: str) -> str:
    scheme, found, rest = url.partition("://")
    _, at, host = rest.rpartition("@")
    return f"{scheme}://...@{host}" if found and at else url
