"""The pump: a thread that keeps the servers busy while items wait for their own reply."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from punie_train.core.completions import Exchange, Unavailable
from punie_train.core.sampling import Sampling
from punie_train.workflows.concurrency import RequestLimit
from punie_train.workflows.evaluate import Group, GroupEnd, Kept, Key, Model, evaluate_group

T = TypeVar("T")

JOIN_SECONDS = 30.0
"""How long the thread may take to stop its server: 10 s to terminate, then the kill."""


class Pump:
    """Runs the groups one after another; replies, models and ends are futures."""

    def __init__(
        self,
        groups: Sequence[Group],
        open_model: Callable[[str], Model],
        *,
        sampling: Sampling,
        concurrency: int | None,
        kept: Kept | None = None,
        probed: int = 0,
    ):
        """Prepare the futures; `open_model` makes the model of a group by its name."""
        self.groups = tuple(groups)
        self.ends: dict[str, GroupEnd] = {}
        self._open_model, self._sampling, self._concurrency = open_model, sampling, concurrency
        self._kept, self._probed = kept, probed
        self._replies: dict[Key, Future[Exchange | Unavailable]] = {
            job.key: Future() for group in self.groups for job in group.jobs
        }
        self._models: dict[str, Future[Model]] = {group.name: Future() for group in self.groups}
        self._released = {group.name: threading.Event() for group in self.groups}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="punie-train-pump", daemon=True)
        self._ready = threading.Event()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        self._ready.wait()

    def reply(self, key: Key) -> Exchange | Unavailable:
        """Wait for the reply to a job; raise what kept its group from starting."""
        return self._replies[key].result()

    def model(self, group: str) -> Model:
        """Wait until a group's model is live; raise what kept it from starting."""
        return self._models[group].result()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> "Future[T]":
        """Run a coroutine on the pump's own loop, where the clients live."""
        if self._loop is None:
            message = "the pump is not started"
            raise RuntimeError(message)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def release(self, group: str) -> None:
        """Say that no item needs the group's model any more."""
        self._released[group].set()

    def close(self, *, complete: bool) -> None:
        """Stop everything; with `complete` the last attestation is awaited first."""
        for event in self._released.values():
            event.set()
        if self._thread.ident is not None:
            self._ready.wait()
        if not complete and self._loop and self._task:
            with contextlib.suppress(RuntimeError):  # the loop has just ended by itself
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._thread.ident is not None:
            self._thread.join(JOIN_SECONDS)

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
            asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._ready.set()
        for group in self.groups:
            try:
                self.ends[group.name] = await self._run_group(group)
            except asyncio.CancelledError:
                self._abandon(CancelledError("the run was stopped"))
                raise
            except BaseException as error:  # noqa: BLE001 - the waiting item raises it
                self._abandon(error, group)

    async def _run_group(self, group: Group) -> GroupEnd:
        return await evaluate_group(
            group,
            lambda: self._open_model(group.name),
            sampling=self._sampling,
            limit=RequestLimit(self._concurrency),
            on_reply=lambda key, reply: self._replies[key].set_result(reply),
            on_ready=self._models[group.name].set_result,
            released=lambda: self._until_released(group.name),
            kept=self._kept,
            probed=self._probed,
        )

    def _until_released(self, name: str) -> "asyncio.Future[None]":
        return asyncio.ensure_future(asyncio.to_thread(_wait, self._released[name]))

    def _abandon(self, error: BaseException, group: Group | None = None) -> None:
        groups = (group,) if group else self.groups
        waiting: list[Future[Any]] = [self._models[each.name] for each in groups]
        waiting += [self._replies[job.key] for each in groups for job in each.jobs]
        for future in waiting:
            if not future.done():
                future.set_exception(error)


def _wait(event: threading.Event) -> None:
    event.wait()
