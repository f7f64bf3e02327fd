"""Trials whose worker is gone: how they are queued again, and how often."""

from typing import Any

import optuna
from optuna.trial import FrozenTrial, TrialState

RETRIES = 2
"""How often a trial whose worker is gone is begun again."""

REASON = "reason"
BEATS = "punie_train:beats"
"""Of a trial whose worker has given a first sign of itself."""

_BEFORE, _LOST = "punie_train:before", "punie_train:lost"


def numbers_before(trial: FrozenTrial) -> tuple[int, ...]:
    """Return the numbers of the broken-off trials that this one stands for, the first first."""
    return tuple(trial.system_attrs.get(_BEFORE, ()))


def begin_again(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a trial whose worker is gone; the third time it counts as failed, with a reason."""
    lost = trial.system_attrs.get(_LOST, 0) + 1
    if lost > RETRIES:
        reason = (
            f"its worker was gone {lost} times before it ended: it was given up. "
            "Read the log of the worker, perhaps memory was short."
        )
        study.add_trial(_copy(trial, TrialState.FAIL, lost, {REASON: reason}))
    else:
        study.add_trial(_copy(trial, TrialState.WAITING, lost, {}))


def queue_again(study: optuna.Study, trial: FrozenTrial) -> None:
    """Queue a trial that its own worker broke off, as by Ctrl-C; that counts for nothing."""
    lost = trial.system_attrs.get(_LOST, 0)
    study.add_trial(_copy(trial, TrialState.WAITING, lost, {}))


def _copy(trial: FrozenTrial, state: TrialState, lost: int, facts: dict[str, Any]) -> FrozenTrial:
    before = [*numbers_before(trial), trial.number]
    kept = {name: value for name, value in trial.system_attrs.items() if name != BEATS}
    return optuna.create_trial(
        state=state,
        params=trial.params,
        distributions=trial.distributions,
        user_attrs=facts,
        system_attrs={**kept, _BEFORE: before, _LOST: lost},
    )
