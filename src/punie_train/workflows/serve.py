"""Serve base and adapter to an agent: attested before it listens, watched while it does."""

import asyncio
import errno
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.core.attestations import Attestation
from punie_train.core.errors import AttestationError, ServerError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import read_manifest
from punie_train.mlx.agent_front import AgentFront
from punie_train.mlx.front_server import listening
from punie_train.mlx.server_config import ServerConfig
from punie_train.processes.ports import bound, listener
from punie_train.processes.stop_signals import unless
from punie_train.processes.user_directories import state_directory
from punie_train.workflows import opening
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.delivery import Delivery, Question, probe, questions_of, refuse_taught
from punie_train.workflows.live_model import LiveModel
from punie_train.workflows.taught_data import own_data
from punie_train.workflows.wanted import BASE, wanted_adapters

HOST, PORT = "127.0.0.1", 8080
WATCH_SECONDS = 1.0
REQUEST_SECONDS = 120.0
"""Deadline of one reply of the checks before the server is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServePlan:
    """What is served, where, with which options of mlx-lm's server, and what proves it first."""

    candidate: Candidate
    host: str
    port: int
    options: Mapping[str, Any]
    questions: tuple[Question, ...]

    def url(self, port: int) -> str:
        """Return the URL of `port` for a client of this machine, without a path."""
        return ServerConfig(model=self.candidate.model, host=self.host).base_url(port)

    @property
    def origins(self) -> Sequence[str]:
        """Return the web pages that may ask, `*` for all."""
        return self.options.get("allowed_origins") or ("*",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The door is open: its URL without a path, and what was proven before."""

    url: str
    attestation: Attestation
    delivery: Delivery
    log: Path


def plan_serve(
    *,
    model: str | None,
    adapter: str | None,
    host: str | None,
    port: int | None,
    settings: Settings,
) -> ServePlan:
    """Resolve and check everything before a server is started; options win over the settings.

    `adapter` is a directory, `base` for the bare model, or None for that of the settings. Raises
    ArtifactError, or UsageError for an unknown server setting.
    """
    if adapter is None and settings.adapter:
        adapter = settings.located(settings.adapter, BASE)
    (candidate,) = opening.resolve_candidates(
        wanted_adapters([BASE if adapter is None else adapter], model), settings
    )
    manifest = read_manifest(candidate.adapter) if candidate.adapter else None
    questions, taught = questions_of(own_data(manifest, settings))
    refuse_taught(candidate, taught)
    options = dict(settings.server)
    at = (options.pop("host", None), options.pop("port", None))
    return ServePlan(
        candidate=candidate,
        host=host or at[0] or HOST,
        port=next(each for each in (port, at[1], PORT) if each is not None),
        options=options,
        questions=questions,
    )


async def serve(
    plan: ServePlan,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[Ready], None],
    on_restart: Callable[[], None],
) -> bool:
    """Serve until `stop` is set; return whether it was ever ready. Nothing is left running.

    Raises ServerError when the port is taken, the model does not load, or its server dies twice;
    AttestationError when the adapter is not live; ArtifactError when calls are not delivered.
    """
    async with AsyncExitStack() as closers:
        door = closers.enter_context(closing(_claim(plan)))
        port = door.getsockname()[1]
        log = _new_log(port)
        live = LiveModel(
            plan.candidate,
            server_options=plan.options,
            log_path=log,
            timeout=REQUEST_SECONDS,
            concurrency=1,
        )
        closers.push_async_callback(live.close)
        delivery = await unless(stop, _prove(live, plan))
        if delivery is None:
            return False
        front = _front(live, plan)
        closers.push_async_callback(front.close)
        try:
            await closers.enter_async_context(listening(front, door))
        except OSError as error:
            raise _no_door(plan, error) from error
        on_ready(
            Ready(url=plan.url(port), attestation=live.attestation, delivery=delivery, log=log)
        )
        await unless(stop, _watch(live, log, on_restart))
        return True


async def _prove(live: LiveModel, plan: ServePlan) -> Delivery:
    try:
        await live.start()
    except AttestationError as error:
        raise AttestationError(
            error.fact,
            "an agent would talk to the base model, so nothing is served",
            error.remedy,
            failure=error.failure,
        ) from error
    return await probe(live, plan.candidate, plan.questions)


def _front(live: LiveModel, plan: ServePlan) -> AgentFront:
    adapter = plan.candidate.adapter
    return AgentFront(
        live,
        name=plan.candidate.name,
        about={
            "model": plan.candidate.model_name,
            "adapter": str(adapter) if adapter else None,
            "applied": live.attestation.applied,
        },
        origins=plan.origins,
    )


async def _watch(live: LiveModel, log: Path, on_restart: Callable[[], None]) -> None:
    """Look after the model server for ever; raise ServerError when it is lost."""
    told = 0
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            await live.revive()
        except ServerError as error:
            raise ServerError(
                error.fact,
                "the agent gets no more replies, and serving ends",
                f"Read the log {log}, then start it again",
                failure=error.failure,
            ) from error
        if live.restarts > told:
            told = live.restarts
            on_restart()


def _claim(plan: ServePlan) -> socket.socket:
    try:
        return bound(plan.host, plan.port)
    except OSError as error:
        raise _no_door(plan, error) from error


def _no_door(plan: ServePlan, error: OSError) -> ServerError:
    fact = f"{plan.host}:{plan.port} cannot be listened on ({error.strerror or error})"
    if error.errno == errno.EADDRINUSE:
        by = listener(plan.port)
        fact = f"Port {plan.port} of {plan.host} is taken" + (f" by {by}" if by else "")
    return ServerError(
        fact,
        "an agent could not be served there",
        "Stop what listens there, or choose another place with --port and --host",
        failure="F06",
    )


def _new_log(port: int) -> Path:
    """Return the log of a server on a port, empty; the one before is overwritten."""
    log = state_directory() / "logs" / f"serve-{port}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    return log
