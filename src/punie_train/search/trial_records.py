"""A trial of optuna as our own value."""

from optuna.trial import FrozenTrial
from optuna.trial import TrialState as State

from punie_train.search.lost_trials import REASON
from punie_train.search.trials import TrialRecord, TrialState


def record(trial: FrozenTrial) -> TrialRecord:
    """Return what a trial was and gave."""
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
        reason=facts.get(REASON),
    )


def _state(trial: FrozenTrial) -> TrialState:
    match trial.state:
        case State.COMPLETE:
            return TrialState.COMPLETE
        case State.PRUNED:
            return TrialState.PRUNED
        case State.FAIL:
            return TrialState.FAILED
        case State.WAITING:
            return TrialState.WAITING
        case _:
            return TrialState.RUNNING
