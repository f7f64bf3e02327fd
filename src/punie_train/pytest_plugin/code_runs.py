"""The sandbox of a session: opened by the first case whose answer is code."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from punie_train.core.code_observations import CodeObservation
    from punie_train.core.completions import Exchange, Unavailable
    from punie_train.evals.case import Case
    from punie_train.sandbox.run_code import Sandbox
    from punie_train.toolcalls.parsed import WireFormat


class CodeRuns:
    """Observes the code of replies in one sandbox."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._sandbox: Sandbox | None = None
        self._open = ExitStack()

    def observe(
        self, case: "Case", reply: "Exchange | Unavailable", trained: "WireFormat"
    ) -> "CodeObservation | None":
        """Return what the code of a reply did, None where the case asks for no fields."""
        if not case.expect.fields:
            return None
        from punie_train.sandbox.run_code import Sandbox
        from punie_train.workflows.observe_code import observe_code

        if self._sandbox is None:
            self._sandbox = self._open.enter_context(Sandbox())
        return observe_code(case, reply, trained=trained, sandbox=self._sandbox)

    def close(self) -> None:
        """End the sandbox; idempotent."""
        self._open.close()
        self._sandbox = None
