"""Measure what is left of an adapter in a model that was made from it: weights and replies."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from punie_train.core.errors import PunieTrainError
from punie_train.core.retention import ReplyAgreement, Retention, SignalRetention
from punie_train.core.settings import Settings
from punie_train.mlx.model_size import source_bytes
from punie_train.mlx.model_weights import ModelWeights
from punie_train.mlx.retention import measure_signal
from punie_train.workflows.conversion_plan import ConversionPlan
from punie_train.workflows.opening import resolve_candidates
from punie_train.workflows.probe_replies import agreement, ask
from punie_train.workflows.room import can_serve
from punie_train.workflows.wanted import BASE, Wanted, slug

OnStep = Callable[[str, int, int], None]
"""Told what is being done, and how much of how much is."""


def measure_retention(
    plan: ConversionPlan, made: Path, *, settings: Settings, on_step: OnStep
) -> Retention:
    """Measure both; what cannot be measured is None, and a note says why.

    Raises ArtifactError when the new weights are not finite or not whole.
    """
    notes = list(plan.notes)
    signal = _signal(plan, made, notes, on_step)
    replies = _replies(plan, made, settings, notes, on_step)
    return Retention(signal=signal, replies=replies, notes=tuple(notes))


def _signal(
    plan: ConversionPlan, made: Path, notes: list[str], on_step: OnStep
) -> SignalRetention | None:
    if plan.origin is None:
        return None
    signal = measure_signal(
        plan.origin.base,
        plan.origin.adapter,
        made,
        on_matrix=lambda done, total: on_step("comparing weights", done, total),
    )
    if signal is None:
        notes.append(
            "none of the adapter's matrices is found by its name and shape in both models: what is"
            " left of it in the weights is not measured."
        )
    return signal


def _replies(
    plan: ConversionPlan, made: Path, settings: Settings, notes: list[str], on_step: OnStep
) -> ReplyAgreement | None:
    if not plan.probes:
        return None
    directories = {made, plan.source, *([plan.origin.base] if plan.origin else [])}
    if not all(can_serve(source_bytes(ModelWeights(each))) for each in directories):
        notes.append(
            "replies are not compared: there is not enough free memory to serve the model."
        )
        return None
    try:
        return asyncio.run(_asked(plan, made, settings, on_step))
    except PunieTrainError as error:
        notes.append(f"replies are not compared: {error}")
        return None


async def _asked(
    plan: ConversionPlan, made: Path, settings: Settings, on_step: OnStep
) -> ReplyAgreement:
    wanted = [Wanted(name=plan.kind, model=str(made))]
    if plan.origin:
        model, adapter = str(plan.origin.base), plan.origin.adapter
        name = slug(adapter.resolve().name)
        wanted += [
            Wanted(name=name, model=model, adapter=str(adapter)),
            Wanted(name=BASE, model=model),
        ]
    else:
        name = slug(Path(plan.source_name).name)
        wanted.append(Wanted(name=name, model=str(plan.source)))
    total, done = len(wanted) * len(plan.probes), 0

    def one_more() -> None:
        nonlocal done
        done += 1
        on_step("comparing replies", done, total)

    with tempfile.TemporaryDirectory(prefix="punie-train-probes-") as place:
        answers = [
            await ask(
                candidate,
                plan.probes,
                settings=settings,
                log=Path(place) / f"{candidate.name}.log",
                on_reply=one_more,
            )
            for candidate in resolve_candidates(wanted, settings)
        ]
    return agreement(
        plan.probes,
        name=name,
        made=answers[0],
        reference=answers[1],
        bare=answers[2] if plan.origin else None,
    )
