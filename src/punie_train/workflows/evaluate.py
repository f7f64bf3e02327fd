"""Evaluate: every case of every group goes to its model, as many at once as the limit says."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from punie_train.core.attestations import Attestation
from punie_train.core.completions import Completion, Exchange, Unavailable
from punie_train.core.errors import PunieTrainError
from punie_train.core.messages import Message
from punie_train.core.sampling import Sampling
from punie_train.core.tool_specs import ToolSpec
from punie_train.evals.case import Case

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
    """How a group went: its attestation and the wall time of its generation in seconds."""

    attestation: Attestation
    seconds: float


async def evaluate_group(
    group: Group,
    model: Model,
    *,
    sampling: Sampling,
    concurrency: int,
    on_reply: Callable[[Key, Exchange | Unavailable], None],
    on_ready: Callable[[Model], None],
    released: Callable[[], "asyncio.Future[None]"],
) -> GroupEnd:
    """Ask all jobs in order under the limit, hold the model as long as asked, attest, close.

    Raises what `model.start` raises; a reply that fails is reported as Unavailable.
    """
    try:
        await model.start()
        on_ready(model)
        started = time.perf_counter()
        await _ask_all(group.jobs, model, sampling, concurrency, on_reply)
        seconds = time.perf_counter() - started
        if group.held:
            await released()
        await model.finish()
        return GroupEnd(attestation=model.attestation, seconds=seconds)
    finally:
        await asyncio.shield(model.close())


async def _ask_all(
    jobs: Sequence[Job],
    model: Model,
    sampling: Sampling,
    concurrency: int,
    on_reply: Callable[[Key, Exchange | Unavailable], None],
) -> None:
    queue = iter(jobs)

    async def worker() -> None:
        for job in queue:
            try:
                reply = await model.exchange(job.case, sampling)
            except PunieTrainError as error:
                reply = Unavailable(reason=str(error))
            on_reply(job.key, reply)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(concurrency, len(jobs))):
            workers.create_task(worker())


def seconds_of(ends: Mapping[str, GroupEnd]) -> dict[str, float]:
    """Return the generation time in seconds by adapter name."""
    return {name: end.seconds for name, end in ends.items()}
