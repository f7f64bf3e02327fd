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
    "trainer-reads": "mlx-lm stops before the first step",
    "format-consistency": "the first row decides how all are read, and the others are lost",
    "balance": "the model calls tools for everything, or for nothing",
    "content": "the model learns to answer with nothing",
    "coverage": "the model learns to call tools and not to read what they return",
    "system-prompt": "the model learns what it will never be asked with",
    "arguments-objects": "the model learns a format that no parser reads",
    "calls-parse": "the loss falls, and an agent gets none of these calls",
    "calls-fit": "the model learns tools and arguments that do not exist",
    "code-runs": "the model learns code that fails",
    "template": "the model is not taught what the row says",
    "format-tokens": "the model learns the letters of a token instead of the token",
    "stop-token": "the model never stops",
    "token-lengths": "the loss is not a number, or the answer is learnt without its end",
    "batches": "the rows are never trained",
    "prompt-masking": "with mask_prompt only the last answer is trained, these calls are not",
    "leakage": "the scores say how well the model remembers",
    "near-duplicates": "some rows weigh more than others, or are asked again in validation",
    "markers": "the model learns to write them",
    "secrets": "the model can tell them to anybody",
    "provenance": "the model may not be used, or nobody knows whether it may",
    "contradictions": "the model learns neither answer",
}
_POST_TRAINING = {
    "adapter-files": "the adapter cannot be loaded, or is not the one that was trained",
    "base-model": "the shapes may fit, the meaning does not",
    "as-asked": "the scores are those of another configuration",
    "weights": "every reply is noise, or the base model's",
    "loss": "the adapter has not learnt what the data teaches",
    "overfitting": "the adapter knows its rows by heart and less of everything else",
    "adapter-is-live": "the scores would be the base model's",
    "server-loads": "nothing can be evaluated or served",
}
_MADE_MODEL = {
    "kept-files": "the model is not asked, or does not stop, as the one it was made from",
    "stored-weights": "the model is not the one that was asked for",
    "signal": "the training is gone from the weights, at least in part",
    "server-loads": "nothing can be evaluated or served",
    "generation-ends": "the model never stops",
}
_POST_FUSION = _MADE_MODEL | {
    "same-replies": "the model behaves as another one than base and adapter",
}
_POST_QUANTIZATION = _MADE_MODEL | {
    "same-replies": "the model behaves as another one than it was made from",
    "smoke": "an agent gets nothing to work with",
}
_RUNTIME = {
    "format-read": "the evaluation sees no call where the model was taught one",
    "format-delivered": "an agent gets no call, though the model writes them",
    "same-prompt": "the model is asked otherwise than it was taught, and points are lost",
    "call-marks": "the letters of a mark are learnt instead of the mark",
    "replies-end": "the model never stops",
    "live-delivery": "an agent gets no call, though the model writes them",
    "attested": "the replies are not those of the model they are said to be of",
}
_CONSEQUENCES = {
    Stage.PRE_TRAINING: _PRE_TRAINING,
    Stage.POST_TRAINING: _POST_TRAINING,
    Stage.POST_FUSION: _POST_FUSION,
    Stage.POST_QUANTIZATION: _POST_QUANTIZATION,
    Stage.RUNTIME: _RUNTIME,
}

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
