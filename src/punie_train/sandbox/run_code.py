"""Run code of a model: in a process without files, network or processes of its own, bounded."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import TracebackType
from typing import Any

from pydantic_monty import (
    CollectString,
    Monty,
    MontyError,
    MontySession,
    MontyTypingError,
    ResourceLimits,
)

from punie_train.core.code_observations import CodeObservation, CodeRun, RunEnd
from punie_train.core.errors import PunieTrainError
from punie_train.sandbox.held_signals import held_signals
from punie_train.sandbox.host import Host
from punie_train.sandbox.run_end import MOST_ROUND_TRIPS, ended, shortened
from punie_train.sandbox.scripts import FINDINGS, SCRIPTS, Script
from punie_train.sandbox.stubs import type_stubs
from punie_train.sandbox.varied_scripts import varied_scripts

LONGEST_CODE = 100_000
OUTPUT_BYTES = 100_000
MOST_VARIED = 24
RUNS_OF_A_CRASH = 2
"""A worker can be killed from outside, say for memory; code that kills it does so twice."""

_SHOWN_PROBLEMS = 20


class SandboxError(PunieTrainError):
    """The sandbox itself cannot run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may take; seconds of its own time and bytes of memory."""

    seconds: float = 5.0
    memory: int = 256 * 1024 * 1024


class Sandbox:
    """A worker process that runs one program after another; use it as a context manager."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Keep the limits; the worker is started by the first run."""
        self.limits = limits or Limits()
        self._pool: Monty | None = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker; idempotent."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.__exit__(None, None, None)

    def run(self, code: str, script: Script = FINDINGS, *, recorded: bool = True) -> CodeRun:
        """Return what the code did when the tools answered from the script; raises no error of it.

        Without a record of the fields it reads, it takes half the time, and more code can be run.
        Raises SandboxError when the sandbox itself does not work.
        """
        _, run = self._run(code, script, recorded=recorded)
        return run

    def observe(
        self,
        code: str,
        *,
        wanted: frozenset[str] = frozenset(),
        scripts: Sequence[Script] = SCRIPTS,
    ) -> CodeObservation:
        """Return the complaints of the type check, and a run for each script.

        While a `wanted` field is not read, or the code does the same every time, scripts made for
        this code follow, at most `MOST_VARIED`: a branch not taken is no proof that nothing is
        read there. A program that does not parse, or takes too much, is run once. Raises
        SandboxError when the sandbox itself does not work.
        """
        problems, first = self._run(code, scripts[0], check=True)
        if first.end not in (RunEnd.DONE, RunEnd.ERROR, RunEnd.UNSUPPORTED):
            return CodeObservation(type_problems=problems, runs=(first,))
        runs, used = [first], list(scripts)
        runs += (self.run(code, script) for script in scripts[1:])
        for script in islice(varied_scripts(code), MOST_VARIED if wanted else 0):
            if _unsupported(runs) is not None or _telling(runs, wanted):
                break
            runs.append(self.run(code, script))
            used.append(script)
        unrecorded = None
        if (place := _unsupported(runs)) is not None:
            _, unrecorded = self._run(code, used[place], recorded=False)
        return CodeObservation(type_problems=problems, runs=tuple(runs), unrecorded=unrecorded)

    def _run(
        self, code: str, script: Script, *, check: bool = False, recorded: bool = True
    ) -> tuple[tuple[str, ...], CodeRun]:
        if len(code) > LONGEST_CODE:
            reason = f"the code is longer than {LONGEST_CODE} characters"
            run = CodeRun(script=script.name, end=RunEnd.SYNTAX, reason=reason)
            return (reason,) if check else (), run
        for _ in range(RUNS_OF_A_CRASH):  # the worker may have died of something else
            problems, run = self._run_once(code, script, check=check, recorded=recorded)
            if run.end is not RunEnd.CRASHED:
                break
        return problems, run

    def _run_once(
        self, code: str, script: Script, *, check: bool, recorded: bool
    ) -> tuple[tuple[str, ...], CodeRun]:
        host, output = Host(script, recorded=recorded), CollectString(OUTPUT_BYTES)

        def feed(session: MontySession, *, unchecked: bool) -> None:
            session.feed_run(
                f"{code}\n\nNone",  # no value of the code itself comes back
                external_lookup=host.functions(),
                print_callback=output,
                os=host.refuse,
                skip_type_check=unchecked,
            )

        problems, run = self._in_session(feed, host, check=check)
        return problems, replace(
            run,
            script=script.name,
            output=output.output,
            calls=tuple(host.calls),
            fields=frozenset(host.fields),
            attempts=tuple(host.attempts),
        )

    def _in_session(
        self, feed: Callable[..., None], host: Host, *, check: bool
    ) -> tuple[tuple[str, ...], CodeRun]:
        problems: tuple[str, ...] = ()
        run = CodeRun(script="", end=RunEnd.DONE)
        try:
            with held_signals(), self._checkout(host, check=check) as session:
                try:
                    feed(session, unchecked=not check)
                except MontyTypingError as error:
                    problems = _type_problems(error)
                    feed(session, unchecked=True)
        except (MontyError, RecursionError, MemoryError) as error:
            run = ended(error, host)
        return problems, run

    def _checkout(self, host: Host, *, check: bool) -> MontySession:
        if self._pool is None:
            self._pool = _started()
        limits: ResourceLimits = {
            "max_feed_duration_secs": self.limits.seconds,
            "max_memory": self.limits.memory,
            "max_suspensions": MOST_ROUND_TRIPS,
        }
        return self._pool.checkout(
            limits=limits,
            type_check=check,
            type_check_stubs=type_stubs() if check else None,
            type_check_format="json" if check else None,
            os_policy={"sleep": "zero", "random_start": {"seed": 0}},
            external_modules=host.modules(),
        )


def _unsupported(runs: Sequence[CodeRun]) -> int | None:
    """Return the place of the first run that the sandbox could not do."""
    return next((i for i, run in enumerate(runs) if run.end is RunEnd.UNSUPPORTED), None)


def _telling(runs: Sequence[CodeRun], wanted: frozenset[str]) -> bool:
    """Say whether all wanted fields were read, and what the code does depends on the results."""
    effects = {run.effects for run in runs}
    return not wanted.difference(*(run.fields for run in runs)) and len(effects) > 1


def _started() -> Monty:
    try:
        pool = Monty(max_processes=1)
        pool.__enter__()
        with pool.checkout() as session:  # a worker that dies of nothing is not the code's fault
            session.feed_run("None")
    except (OSError, RuntimeError, MontyError) as error:
        raise SandboxError(
            f"the sandbox does not start ({error})",
            "code of a model is not run anywhere else, so it cannot be judged",
            "Install pydantic-monty again.",
        ) from error
    return pool


def _type_problems(error: MontyTypingError) -> tuple[str, ...]:
    try:
        found: list[dict[str, Any]] = json.loads(error.display())
        told = [f"line {each['location']['row']}: {each['message']}" for each in found]
    except (ValueError, KeyError, TypeError):
        told = [error.display()]
    return tuple(shortened(text) for text in told[:_SHOWN_PROBLEMS])
