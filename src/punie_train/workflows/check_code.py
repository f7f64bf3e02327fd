"""Run the programs of a dataset in the sandbox, several at once, each once."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from punie_train.checks.pre_training.model_view import CodeProblem, Pending
from punie_train.core.code_observations import CodeRun, RunEnd
from punie_train.evals.code_reading.read_code import read_code
from punie_train.sandbox.run_code import Limits, Sandbox
from punie_train.sandbox.scripts import SCRIPTS

MOST_WORKERS = 4
WAITING = 500
"""Programs started and not yet run; more wait with the reader, so that memory stays small."""
LIMITS = Limits(seconds=3.0)
_NOT_JUDGED = (RunEnd.BLOCKED, RunEnd.UNSUPPORTED)


class CodeRunner:
    """Worker processes of the sandbox, one for each thread; a context manager."""

    def __init__(self) -> None:
        """Start nothing: the first program does."""
        workers = min(MOST_WORKERS, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="sandbox")
        self._local, self._starting = threading.local(), threading.Lock()
        self._sandboxes: list[Sandbox] = []
        self._room = threading.BoundedSemaphore(WAITING)

    def start(self, code: str) -> Pending:
        """Start a program; what is returned waits for it, and raises SandboxError."""
        self._room.acquire()
        future = self._threads.submit(self._judge, code)
        future.add_done_callback(lambda _: self._room.release())
        return future.result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.close()

    def _judge(self, code: str) -> CodeProblem | None:
        if not hasattr(self._local, "sandbox"):
            sandbox = Sandbox(LIMITS)
            self._sandboxes.append(sandbox)
            with self._starting:  # finding the worker's program is not safe in several threads
                sandbox.run("None")
            self._local.sandbox = sandbox
        sandbox = self._local.sandbox
        first = sandbox.run(code, recorded=False)
        if first.end is not RunEnd.DONE:
            judged = first.end not in _NOT_JUDGED
            return CodeProblem(_reason(first), sure=judged)
        if unknown := read_code(code).unknown_fields:
            return CodeProblem(f"the code reads {unknown[0]}, which does not exist")
        for script in SCRIPTS[1:]:
            run = sandbox.run(code, script, recorded=False)
            if run.end is RunEnd.ERROR:
                return CodeProblem(f"{_reason(run)}, when results are {script.name}", sure=False)
        return None


def _reason(run: CodeRun) -> str:
    return f"{run.reason} (line {run.line} of the code)" if run.line else run.reason
