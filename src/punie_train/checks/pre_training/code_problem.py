"""Why a program of a row does not run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeProblem:
    """Why a program does not run; `sure` is False where it runs with other results of tools.

    It is False too where the sandbox could not tell.
    """

    reason: str
    sure: bool = True
