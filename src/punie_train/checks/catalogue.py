"""The checks by stage: names that do not change, and what each failure leads to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What is looked at; each is a marker of pytest."""

    PRE_TRAINING = "pre_training"
    POST_TRAINING = "post_training"
    POST_FUSION = "post_fusion"
    POST_QUANTIZATION = "post_quantization"
    RUNTIME = "runtime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its name, its stage, and what happens when nobody minds what it finds."""

    name: str
    stage: Stage
    consequence: str


_PRE_TRAINING = {
    "structure": "the trainer or the chat template stops at it, or the model learns it",
    "format-consistency": "the first row decides how all are read, and the others are lost",
}
_CONSEQUENCES = {Stage.PRE_TRAINING: _PRE_TRAINING}

CATALOGUE: tuple[Check, ...] = tuple(
    Check(name=name, stage=stage, consequence=consequence)
    for stage, consequences in _CONSEQUENCES.items()
    for name, consequence in consequences.items()
)


def checks_of(stage: Stage) -> tuple[Check, ...]:
    """Return the checks of a stage, in the order in which they are shown."""
    return tuple(check for check in CATALOGUE if check.stage is stage)


def named(stage: Stage, names: Iterable[str]) -> tuple[Check, ...]:
    """Return the checks of a stage with these names, in the catalogue's order."""
    wanted = frozenset(names)
    return tuple(check for check in checks_of(stage) if check.name in wanted)
