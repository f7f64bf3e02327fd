"""What was seen when code of a model was type-checked and run in the sandbox."""

from dataclasses import dataclass
from enum import StrEnum

from punie_train.core.messages import ToolCall


class RunEnd(StrEnum):
    """How a run ended; all but `done` mean that the code did not get to its end.

    `unsupported` is valid Python that the sandbox cannot run: no fault of the code.
    """

    DONE = "done"
    ERROR = "error"
    SYNTAX = "syntax"
    BLOCKED = "blocked"
    TIME = "time"
    MEMORY = "memory"
    CALLS = "calls"
    CRASHED = "crashed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRun:
    """One run against one script of results.

    `fields` are those that the code really read, as `ruff_check.violations.line`; `attempts` what
    it tried to reach outside of the sandbox, whether or not it caught the refusal; `reason` says
    why it did not get to its end; `line` is where, from 1. `output` is what it printed.
    """

    script: str
    end: RunEnd
    reason: str = ""
    line: int | None = None
    output: str = ""
    calls: tuple[ToolCall, ...] = ()
    fields: frozenset[str] = frozenset()
    attempts: tuple[str, ...] = ()

    @property
    def effects(self) -> tuple[str, str]:
        """Return all that the code did for others: what it printed, and its calls as text."""
        return self.output, repr(self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeObservation:
    """What one program did: the complaints of the type check, and its runs, the main one first.

    `unrecorded` repeats the first run that was unsupported, without a record of the fields, in
    case keeping the record was what the sandbox could not do. `problem` says why there is no code
    to look at.
    """

    type_problems: tuple[str, ...] = ()
    runs: tuple[CodeRun, ...] = ()
    unrecorded: CodeRun | None = None
    problem: str | None = None

    @property
    def fields(self) -> frozenset[str]:
        """Return the fields read in any of the runs."""
        return frozenset().union(*(run.fields for run in self.runs))
