"""Observe code: what a reply answers with is type-checked and run in the sandbox."""

from typing import Protocol

from punie_train.core.code_observations import CodeObservation
from punie_train.core.completions import Exchange, Unavailable
from punie_train.evals.case import Case
from punie_train.evals.code_answer import code_answer
from punie_train.evals.replies import parse_turns
from punie_train.toolcalls.parsed import WireFormat


class Observes(Protocol):
    """Whatever type-checks and runs code, such as the sandbox."""

    def observe(self, code: str, *, wanted: frozenset[str] = frozenset()) -> CodeObservation:
        """Return what the code did."""
        ...


def observe_code(
    case: Case, outcome: Exchange | Unavailable, *, trained: WireFormat, sandbox: Observes
) -> CodeObservation | None:
    """Return what the code of a reply did; None where no fields are asked for, or no reply came.

    Raises SandboxError when the sandbox itself does not work.
    """
    if not case.expect.fields or isinstance(outcome, Unavailable) or not outcome.turns:
        return None
    answer = code_answer(parse_turns(outcome.turns, case.tools, trained))
    if answer.code is None:
        return CodeObservation(problem=answer.reading.problem)
    asked = frozenset(name for names in case.expect.fields for name in names)
    return sandbox.observe(answer.code, wanted=asked & answer.reading.fields)
