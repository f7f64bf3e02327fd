"""Every code-mode example runs: nobody had executed them (F42)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from punie_train.checks.measured import Amount, Measured, Share
from punie_train.checks.pre_training.accumulator import RowCheck, Subject
from punie_train.checks.pre_training.model_view import Pending
from punie_train.checks.pre_training.seen_row import SeenRow
from punie_train.dataset.rules import Rule, Severity

BROKEN = Rule("code-does-not-run", Severity.ERROR, "Correct the code, or remove the row.", "F42")
NOT_SURE = Rule(
    "code-may-not-run",
    Severity.WARNING,
    "Read it: it runs with other results of the tools, or the sandbox lacks what it uses.",
    "F42",
)
_PATH = re.compile(
    r"""\b(typecheck|ruff_check|pytest_run|read_file)\(\s*(["'])[^"'\\\n]{1,300}\2\s*\)"""
)
"""The path given to a tool: programs that differ in it only are the same program."""


@dataclass(slots=True)
class _Program:
    pending: Pending
    path: Path
    line: int
    rows: int = 1


class CodeRuns(RowCheck):
    """Programs that fail; those that differ only in the path of a tool are run once."""

    name = "code-runs"

    def __init__(self, subject: Subject) -> None:
        """Start with no program."""
        super().__init__(subject)
        self._programs: dict[str, _Program] = {}
        self._ran = 0

    def skipped(self) -> str | None:
        """Return why no code can be run, or None."""
        lent = self.subject.lent
        return lent.why_not("sandbox") if lent.run_code is None else super().skipped()

    def take_row(self, row: SeenRow) -> None:
        """Start the programs of a row that were not seen before."""
        for text in row.programs:
            code = _PATH.sub(r'\1("a.py")', text)
            known = self._programs.get(code)
            if known is not None:
                known.rows += 1
            elif self.subject.lent.run_code is not None:
                pending = self.subject.lent.run_code(code)
                self._programs[code] = _Program(pending, row.row.split.path, row.row.line)

    def conclude(self) -> None:
        """Wait for the programs."""
        for program in self._programs.values():
            problem = program.pending()
            self._ran += problem is None or not problem.sure
            if problem is None:
                continue
            again = f", as in {program.rows - 1} more" if program.rows > 1 else ""
            rule = BROKEN if problem.sure else NOT_SURE
            self.found(rule, program.path, program.line, f"{problem.reason}{again}")

    def measured(self) -> Iterator[Measured]:
        """Yield how many programs run."""
        total = sum(program.rows for program in self._programs.values())
        yield Amount("programs", total)
        yield Share("distinct programs that run", self._ran, len(self._programs))
