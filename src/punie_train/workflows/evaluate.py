"""Evaluate: every case of every group goes to its model, as many at once as the limit says."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import PunieTrainError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case
from punie_train.evals.report import Determinism
from punie_train.workflows.concurrency import RequestLimit

Key = tuple[str, str, str, int]
"""Adapter name, suite file, case id, repeat number from 1."""


class Model(Protocol):
    """A model that can be asked, and says whether it is the one it should be."""

    attestation: Attestation

    async def start(self) -> None:
        """Make it ready; raise PunieTrainError where it cannot be."""
        ...

    async def exchange(self, case: Case, sampling: Sampling) -> Exchange | Unavailable:
        """Lead the case's conversation."""
        ...

    async def complete(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec], sampling: Sampling
    ) -> Completion:
        """Answer one request of a free-form evaluation."""
        ...

    async def finish(self) -> None:
        """Attest again after the last reply."""
        ...

    async def close(self) -> None:
        """Give everything back; idempotent."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One case to ask, once."""

    key: Key
    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The jobs of one adapter, in item order; `held` keeps its model up for functions."""

    name: str
    jobs: tuple[Job, ...]
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEnd:
    """How a group went: its attestation and the wall time of its generation in seconds.

    The time is that of the replies that were asked for, 0.0 where none was. `determinism` is None
    where it was not probed, `concurrency` where no number of requests was sought and found.
    """

    attestation: Attestation
    seconds: float
    determinism: Determinism | None = None
    concurrency: int | None = None


class Kept(Protocol):
    """Replies that need not be asked for, and where received ones are kept."""

    def known(self, group: Group) -> Mapping[Key, Exchange]:
        """Return the replies that are known already; raise PunieTrainError where that is unsure."""
        ...

    def settled(self, group: Group) -> bool:
        """Say whether the known replies were attested to the end of their runs."""
        ...

    def attested(self, group: Group, attestation: Attestation) -> None:
        """Hear who answers, before the first reply."""
        ...

    def received(self, job: Job, exchange: Exchange) -> None:
        """Keep a complete reply."""
        ...

    def ended(self, group: Group, live: Attestation | None) -> Attestation:
        """Return the attestation of all replies; `live` is None where no model was asked."""
        ...


class NothingKept:
    """Knows no reply and keeps none."""

    def known(self, group: Group) -> Mapping[Key, Exchange]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return {}

    def settled(self, group: Group) -> bool:  # noqa: ARG002 - the protocol's
        """Say that no reply is in doubt."""
        return True

    def attested(self, group: Group, attestation: Attestation) -> None:
        """Forget it."""

    def received(self, job: Job, exchange: Exchange) -> None:
        """Forget it."""

    def ended(self, group: Group, live: Attestation | None) -> Attestation:
        """Return the attestation as it is."""
        none = Attestation(applied=Applied.UNVERIFIED, reason=f"'{group.name}' was not asked")
        return live or none


async def evaluate_group(
    group: Group,
    open_model: Callable[[], Model],
    *,
    sampling: Sampling,
    limit: RequestLimit,
    on_reply: Callable[[Key, Exchange | Unavailable], None],
    on_ready: Callable[[Model], None],
    released: Callable[[], "asyncio.Future[None]"],
    kept: Kept | None = None,
    probed: int = 0,
) -> GroupEnd:
    """Ask all jobs in order under the limit, hold the model as long as asked, attest, close.

    What `kept` knows is not asked; where it knows everything, the model is not even opened. Known
    replies are told after the attestation of the start, so that without one nothing is scored.
    `probed` jobs are asked a second time, one after another, to see whether the batch mattered.
    Raises what `model.start` raises; a reply that fails is reported as Unavailable.
    """
    kept = kept or NothingKept()
    known = kept.known(group)
    missing = tuple(job for job in group.jobs if job.key not in known)
    if not (missing or group.held or probed) and kept.settled(group):
        for key, exchange in known.items():
            on_reply(key, exchange)
        return GroupEnd(attestation=kept.ended(group, None), seconds=0.0)

    replies = dict(known)

    def told(job: Job, reply: Exchange | Unavailable) -> None:
        if isinstance(reply, Exchange):
            kept.received(job, reply)
            replies[job.key] = reply
        on_reply(job.key, reply)

    model = open_model()
    try:
        await model.start()
        kept.attested(group, model.attestation)
        for key, exchange in known.items():
            on_reply(key, exchange)
        on_ready(model)
        started = time.perf_counter()
        await _ask_all(missing, model, sampling, limit, told)
        seconds = time.perf_counter() - started
        found = await _asked_again(group.jobs, replies, model, sampling, probed) if probed else None
        if group.held:
            await released()
        await model.finish()
        attestation = kept.ended(group, model.attestation)
        return GroupEnd(
            attestation=attestation, seconds=seconds, determinism=found, concurrency=limit.found
        )
    finally:
        await asyncio.shield(model.close())


async def _asked_again(
    jobs: Sequence[Job],
    replies: Mapping[Key, Exchange],
    model: Model,
    sampling: Sampling,
    count: int,
) -> Determinism:
    """Ask `count` of the answered jobs again, spread over all, and compare every turn's text."""
    answered = [job for job in jobs if job.key in replies]
    chosen = answered[:: max(1, -(-len(answered) // count))][:count]
    asked, differing = 0, []
    for job in chosen:
        try:
            again = await model.exchange(job.case, sampling)
        except PunieTrainError:
            continue
        if isinstance(again, Exchange):
            asked += 1
            texts = [[turn.text for turn in one.turns] for one in (again, replies[job.key])]
            if texts[0] != texts[1]:
                differing.append(f"{job.case.suite}::{job.case.id}")
    return Determinism(asked=asked, differing=tuple(differing))


async def _ask_all(
    jobs: Sequence[Job],
    model: Model,
    sampling: Sampling,
    limit: RequestLimit,
    on_reply: Callable[[Job, Exchange | Unavailable], None],
) -> None:
    async def ask(job: Job) -> None:
        try:
            reply = await model.exchange(job.case, sampling)
        except PunieTrainError as error:
            reply = Unavailable(reason=str(error))
        limit.completed(sum(turn.completion_tokens for turn in reply.turns), time.perf_counter())
        on_reply(job, reply)

    running: set[asyncio.Task[None]] = set()
    try:
        for job in jobs:
            while len(running) >= limit.now:
                running = await _some_done(running)
            running.add(asyncio.create_task(ask(job)))
        while running:
            running = await _some_done(running)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _some_done(running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Wait until at least one has ended, raise what it raised, and return the others."""
    done, others = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    return others


def seconds_of(ends: Mapping[str, GroupEnd]) -> dict[str, float]:
    """Return the generation time in seconds by adapter name."""
    return {name: end.seconds for name, end in ends.items()}
