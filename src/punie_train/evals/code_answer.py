"""The code that a reply answers with."""

from dataclasses import dataclass

from punie_train.evals.code_mode import CODE_TOOL
from punie_train.evals.code_reading.read_code import read_code
from punie_train.evals.code_reading.reading import CodeReading
from punie_train.evals.replies import ParsedTurns


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAnswer:
    """The code of the one call of `execute_code`, and what is read off it.

    Without exactly one such call `code` is None, and the reading has the `problem`.
    """

    code: str | None
    reading: CodeReading


def code_answer(reply: ParsedTurns) -> CodeAnswer:
    """Return the code of a reply; it is read and never run."""
    calls = reply.tool_calls
    names = [call.name for call in calls]
    if names != [CODE_TOOL]:
        called = ", ".join(names[:5]) or "no call"
        return _none(f"one call of {CODE_TOOL} was expected, not {called}")
    code = calls[0].arguments.get("code")
    if not isinstance(code, str):
        return _none(f"the call of {CODE_TOOL} has no code")
    return CodeAnswer(code=code, reading=read_code(code))


def _none(problem: str) -> CodeAnswer:
    return CodeAnswer(code=None, reading=CodeReading(problem=problem))
