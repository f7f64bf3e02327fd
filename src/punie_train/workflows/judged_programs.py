"""What becomes of programs of training rows in the sandbox: the work that helpers of checks do.

`python -m punie_train.workflows.judged_programs` reads lines, each a JSON list of programs, and
answers each with a length (4 bytes, big-endian) and a JSON list: null for a program that runs, else
the reason and whether it is sure. A helper that cannot run its sandbox ends.
"""

import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from punie_train.checks.pre_training.code_problem import CodeProblem
from punie_train.core.code_observations import CodeRun, RunEnd
from punie_train.evals.code_reading.read_code import read_code
from punie_train.processes.helpers import LENGTH_BYTES
from punie_train.sandbox.run_code import Limits, Sandbox
from punie_train.sandbox.scripts import SCRIPTS

LIMITS = Limits(seconds=3.0)
_NOT_JUDGED = (RunEnd.BLOCKED, RunEnd.UNSUPPORTED)


def judged(sandbox: Sandbox, code: str) -> CodeProblem | None:
    """Return why a program does not run, None for one that does; raises SandboxError."""
    first = sandbox.run(code, recorded=False)
    if first.end is not RunEnd.DONE:
        return CodeProblem(_reason(first), sure=first.end not in _NOT_JUDGED)
    if unknown := read_code(code).unknown_fields:
        return CodeProblem(f"the code reads {unknown[0]}, which does not exist")
    for script in SCRIPTS[1:]:
        run = sandbox.run(code, script, recorded=False)
        if run.end is RunEnd.ERROR:
            return CodeProblem(f"{_reason(run)}, when results are {script.name}", sure=False)
    return None


def question(programs: Sequence[str]) -> bytes:
    """Return the line that asks a helper about programs, without its line feed."""
    return json.dumps(list(programs)).encode()


def problems(answer: bytes) -> list[CodeProblem | None]:
    """Return what a helper answered, one for each program."""
    found: list[list[Any] | None] = json.loads(answer)
    return [None if one is None else CodeProblem(one[0], sure=one[1]) for one in found]


def main() -> None:
    """Answer questions until there are no more."""
    _trace_nothing()
    with Sandbox(LIMITS) as sandbox:
        for line in sys.stdin.buffer:
            found = [judged(sandbox, code) for code in json.loads(line)]
            told = [None if one is None else [one.reason, one.sure] for one in found]
            answer = json.dumps(told).encode()
            sys.stdout.buffer.write(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
            sys.stdout.buffer.flush()


def _trace_nothing() -> None:
    """Spare the sandbox's binding a search through the whole path for a tracer at every run."""
    if find_spec("opentelemetry") is None:
        absent: dict[str, Any] = {"opentelemetry": None}
        sys.modules.update(absent)


def _reason(run: CodeRun) -> str:
    return f"{run.reason} (line {run.line} of the code)" if run.line else run.reason


if __name__ == "__main__":
    main()
