"""Run the programs of a dataset in sandboxes of helper processes, many together, each once.

Helpers leave this process to read rows meanwhile. One that dies changes nothing but the speed: what
it was asked is judged here, and so are the programs of a dataset that has only a few.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from punie_train.checks.pre_training.code_problem import CodeProblem
from punie_train.checks.pre_training.model_view import Pending
from punie_train.processes.helpers import Helper
from punie_train.processes.processors import processors
from punie_train.sandbox.run_code import Sandbox
from punie_train.workflows.judged_programs import LIMITS, judged, problems, question

MOST_HELPERS = 3
TOGETHER = 32
"""Programs that a helper is asked about at once."""
WAITING = 16
"""Such groups started and not yet run; more wait with the reader, so that memory stays small."""

Problems = Sequence[CodeProblem | None]


class CodeRunner:
    """Helpers with a sandbox, one for each thread; a context manager."""

    def __init__(self) -> None:
        """Start nothing: the first programs do."""
        self._threads = ThreadPoolExecutor(_number(), thread_name_prefix="sandbox")
        self._local, self._here = threading.local(), threading.Lock()
        self._starting = threading.Lock()
        self.helpers: list[Helper] = []
        self._sandbox: Sandbox | None = None
        self._room = threading.BoundedSemaphore(WAITING)
        self._group = _Group()
        self._many = self._closed = False

    def start(self, code: str) -> Pending:
        """Start a program; what is returned waits for it, and raises SandboxError."""
        group, place = self._group, len(self._group.programs)
        group.programs.append(code)
        if len(group.programs) == TOGETHER:
            self._many = True
            self._submit()

        def pending() -> CodeProblem | None:
            if group is self._group:
                self._submit()
            return group.judged.result()[place]

        return pending

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._starting:
            self._closed = True
        for helper in self.helpers:
            helper.kill()
        self._threads.shutdown(cancel_futures=True)
        for helper in self.helpers:
            helper.close()
        if self._sandbox is not None:
            self._sandbox.close()

    def _submit(self) -> None:
        group, self._group = self._group, _Group()
        self._room.acquire()
        group.judged = self._threads.submit(self._judge, group.programs)
        group.judged.add_done_callback(lambda _: self._room.release())

    def _judge(self, programs: Sequence[str]) -> Problems:
        if self._many and (helper := self._helper()) is not None:
            helper.ask(question(programs))
            if (answer := helper.answer()) is not None:
                return problems(answer)
            self._local.helper = None
        with self._here:
            if self._sandbox is None:
                self._sandbox = Sandbox(LIMITS)
            sandbox = self._sandbox
            return [None if self._closed else judged(sandbox, code) for code in programs]

    def _helper(self) -> Helper | None:
        if not hasattr(self._local, "helper"):
            self._local.helper = None
            with suppress(OSError), self._starting:
                if not self._closed:
                    self._local.helper = Helper(["punie_train.workflows.judged_programs"])
                    self.helpers.append(self._local.helper)
        return self._local.helper


class _Group:
    """Programs that are judged together, and what will be known of them."""

    def __init__(self) -> None:
        self.programs: list[str] = []
        self.judged: Future[Problems] = Future()


def _number() -> int:
    """Return how many helpers are of use: one processor is for this process."""
    return max(1, min(MOST_HELPERS, processors() - 1))
