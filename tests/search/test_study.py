"""Trials over a shared storage: in all as many as asked for, also after a worker is gone."""

import multiprocessing
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from optuna.storages import RDBStorage, _heartbeat
from optuna.trial import TrialState as State
from optuna.trial import create_trial

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.search import study as studies
from punie_train.search.lost_trials import begin_again
from punie_train.search.space import Choice, Range, SearchSpace
from punie_train.search.study import RunningTrial, Sampler, Study
from punie_train.search.trials import TrialState, ranked

GRID = SearchSpace(domains={"lora_rank": Choice(values=(4, 16)), "iters": Choice(values=(10, 20))})
RANGE = SearchSpace(domains={"learning_rate": Range(low=1e-5, high=1e-3, log=True)})


def opened(tmp_path: Path, space: SearchSpace = GRID, sampler: Sampler = "grid") -> Study:
    """Open a study in a SQLite file."""
    return Study(f"sqlite:///{tmp_path / 'study.db'}", space, sampler, seed=0)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once: that is half a second."""
    path = tmp_path_factory.mktemp("tables") / "study.db"
    RDBStorage(f"sqlite:///{path}")
    return path


@pytest.fixture(autouse=True)
def tables(empty: Path, tmp_path: Path) -> None:
    """Begin with a storage without a study."""
    shutil.copy(empty, tmp_path)


def by_rank(trial: RunningTrial) -> float:
    """Score a trial by its rank."""
    return trial.parameters["lora_rank"] / 16


def test_grid_tries_each_combination_once(tmp_path: Path) -> None:
    """Best first, with the parameter that decides named as such."""
    study = opened(tmp_path)
    study.run(9, by_rank)
    trials = study.records()
    combinations = {tuple(trial.parameters.items()) for trial in trials}
    assert len(trials) == len(combinations) == 4
    assert ranked(trials)[0].parameters["lora_rank"] == 16
    shares = study.importances()
    assert shares["lora_rank"] > 0.9 > shares["iters"]


def test_goes_on_with_what_is_there(tmp_path: Path) -> None:
    """A second run does only what is missing, a third nothing."""
    opened(tmp_path).run(2, by_rank)
    study = opened(tmp_path)
    study.run(4, by_rank)
    assert len(study.records()) == 4
    study.run(4, by_rank)
    assert len(study.records()) == 4


def test_another_space_is_refused_and_the_same_taken(tmp_path: Path) -> None:
    """Trials of two spaces would not compare."""
    opened(tmp_path)
    opened(tmp_path)
    with pytest.raises(UsageError, match="another search space"):
        opened(tmp_path, RANGE, "tpe")


def test_grid_needs_lists(tmp_path: Path) -> None:
    """A range has no grid; the other samplers draw from it."""
    with pytest.raises(UsageError, match="no end of values"):
        opened(tmp_path, RANGE, "grid")
    study = opened(tmp_path, RANGE, "random")
    study.run(3, lambda trial: trial.parameters["learning_rate"])
    assert len({trial.parameters["learning_rate"] for trial in study.records()}) == 3


def test_a_trial_that_fails_ends_alone(tmp_path: Path) -> None:
    """Its reason is kept, it counts as done, and it is not begun again."""

    def objective(trial: RunningTrial) -> float:
        if trial.number == 1:
            raise ArtifactError("the loss is NaN", "nothing is learnt", "Lower the rate.")
        return 0.5

    study = opened(tmp_path)
    study.run(3, objective)
    states = [trial.state for trial in study.records()]
    assert states == [TrialState.COMPLETE, TrialState.FAILED, TrialState.COMPLETE]
    assert "the loss is NaN" in (study.records()[1].reason or "")


def test_worse_than_most_is_pruned(tmp_path: Path) -> None:
    """By the validation loss at the same iteration."""
    losses = iter([1.0, 1.1, 1.2, 9.0, 1.0])

    def objective(trial: RunningTrial) -> float:
        trial.report_loss(1, next(losses))
        return 0.5

    study = opened(tmp_path, RANGE, "random")
    study.run(5, objective)
    states = [trial.state for trial in study.records()]
    assert states == [TrialState.COMPLETE] * 3 + [TrialState.PRUNED, TrialState.COMPLETE]
    assert study.records()[3].losses == {1: 9.0}


def test_storage_that_cannot_be_opened() -> None:
    """The message has no password."""
    with pytest.raises(ArtifactError) as caught:
        Study("nosuch://me:secret@host/db", GRID, "grid", seed=0)
    assert "host/db" in str(caught.value)
    assert "secret" not in str(caught.value)


def _die(url: str) -> None:
    Study(url, GRID, "grid", seed=0).run(4, lambda _: os._exit(9))


def _die_before_a_heartbeat(url: str) -> None:
    _heartbeat.HeartbeatThread.start = lambda _: os._exit(9)  # ty: ignore[invalid-assignment]
    _work(url)


def _die_with_a_late_heartbeat(url: str) -> None:
    _heartbeat.HeartbeatThread.start = lambda _: None  # ty: ignore[invalid-assignment]
    _die(url)


def _work(url: str) -> None:
    Study(url, GRID, "grid", seed=0).run(4, by_rank)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a worker for gone after a second without a sign of it."""
    monkeypatch.setattr(studies, "GRACE_SECONDS", 1)
    monkeypatch.setattr(studies, "WAIT_SECONDS", 0.1)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("dies", [_die, _die_before_a_heartbeat, _die_with_a_late_heartbeat])
def test_a_worker_that_is_gone_is_replaced(tmp_path: Path, dies: Callable[[str], None]) -> None:
    """Its trial begins again once its heart has stopped, or never beat; no combination is lost."""
    url = f"sqlite:///{tmp_path / 'study.db'}"
    worker = multiprocessing.get_context("fork").Process(target=dies, args=(url,))
    worker.start()
    worker.join()
    before: list[tuple[int, ...]] = []

    def objective(trial: RunningTrial) -> float:
        before.append(trial.before)
        return by_rank(trial)

    study = opened(tmp_path)
    study.run(4, objective)
    done = study.records()
    assert {trial.state for trial in done} == {TrialState.COMPLETE}
    assert len({tuple(trial.parameters.items()) for trial in done}) == len(done) == 4
    assert before.count((0,)) == 1


def test_a_trial_that_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    """After three workers it is failed, with a reason, and the others are done."""
    study = opened(tmp_path)
    trials = study._study
    trials.add_trial(
        create_trial(state=State.FAIL, system_attrs={"grid_id": 0, "search_space": {}})
    )
    for _ in range(3):
        begin_again(trials, trials.trials[-1])
        own = study._storage.get_trial_id_from_study_id_trial_number(
            study._storage.get_study_id_from_name(studies.NAME), trials.trials[-1].number
        )
        if trials.trials[-1].state is State.WAITING:
            study._storage.set_trial_state_values(own, State.FAIL)
    assert [trial.user_attrs.get("reason") is None for trial in trials.trials] == [True] * 3 + [
        False
    ]
    assert "its worker was gone 3 times" in trials.trials[-1].user_attrs["reason"]
    assert study._done() == 1


def test_ctrl_c_queues_the_trial_again(tmp_path: Path) -> None:
    """The next run begins with its parameters."""
    seen: list[dict[str, object]] = []

    def objective(trial: RunningTrial) -> float:
        seen.append(trial.parameters)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return by_rank(trial)

    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path).run(4, objective)
    study = opened(tmp_path)
    study.run(4, objective)
    assert seen[1] == seen[2]
    assert len(study.records()) == 4
    assert len({tuple(trial.parameters.items()) for trial in study.records()}) == 4


@pytest.mark.usefixtures("impatient")
def test_a_combination_is_not_lost_by_a_death_between_two_writes(tmp_path: Path) -> None:
    """A trial that was failed and not queued again is found by the next worker."""
    opened(tmp_path).run(3, by_rank)
    study = opened(tmp_path)

    def fail(trial: RunningTrial) -> float:
        study._storage.set_trial_state_values(study._id_of(trial.number), State.FAIL)
        raise SystemExit

    with pytest.raises(SystemExit):
        study._study.optimize(lambda trial: fail(RunningTrial(trial, GRID)), n_trials=1, catch=())
    study.run(4, by_rank)
    assert len({tuple(trial.parameters.items()) for trial in study.records()}) == 4
    assert len(study.records()) == 4


@pytest.mark.usefixtures("impatient")
def test_more_trials_than_before(tmp_path: Path) -> None:
    """A combination that a surplus worker drew is still done when more are asked for."""
    study = opened(tmp_path)
    study.run(2, by_rank)
    study._run_one(2, by_rank)
    assert len(study.records()) == 2
    study.run(4, by_rank)
    assert len({tuple(trial.parameters.items()) for trial in study.records()}) == 4


def test_a_worker_whose_trial_was_given_away_goes_on(tmp_path: Path) -> None:
    """As after a laptop's sleep: what it has is not told twice."""
    study, other = opened(tmp_path), opened(tmp_path)
    stolen: list[int] = []

    def objective(trial: RunningTrial) -> float:
        if not stolen:
            stolen.append(trial.number)
            frozen = other._study.get_trials(deepcopy=True)[trial.number]
            other._storage.set_trial_state_values(frozen._trial_id, State.FAIL)
            begin_again(other._study, frozen)
            trial.note(path="x")
        return by_rank(trial)

    study.run(4, objective)
    assert [trial.state for trial in study.records()] == [TrialState.COMPLETE] * 4


def test_two_workers_share_the_trials(tmp_path: Path) -> None:
    """Together they make as many as asked for."""
    url = f"sqlite:///{tmp_path / 'study.db'}"
    opened(tmp_path)
    workers = [
        multiprocessing.get_context("fork").Process(target=_work, args=(url,)) for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert len(opened(tmp_path).records()) == 4
