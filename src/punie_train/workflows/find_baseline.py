"""Find what a run is compared with: a stored report, or an adapter of the same session."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from punie_train.core.errors import UsageError
from punie_train.evals.baseline_gate import Baseline, baseline_of
from punie_train.evals.report import EvalReport
from punie_train.reporting.read_report import read_report
from punie_train.workflows.wanted import slug


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineSource:
    """Where the baseline is: a report that was read, or the name of an adapter of the session."""

    report: EvalReport | None = None
    adapter: str | None = None
    label: str

    def within(self, session: EvalReport) -> Baseline | None:
        """Return the baseline, None where its adapter has no result in the session's report."""
        try:
            if self.report is not None:
                last = [a.name for a in self.report.adapters if a.name in self.report.summary][-1]
                return baseline_of(self.report, last, self.label)
            return baseline_of(session, self.adapter or "", self.label)
        except KeyError:
            return None


def find_baseline(asked: str, directory: Path, names: Sequence[str]) -> BaselineSource:
    """Resolve `--eval-baseline` before anything runs; `names` are the session's, candidate last.

    In a stored report the adapter that was named last counts, as it does in a session. Raises
    UsageError for what is neither, for the candidate itself and for a report without results, and
    ReportFormatError for a file that is no report.
    """
    path = directory / asked
    if path.is_file():
        report = read_report(path)
        if not any(adapter.name in report.summary for adapter in report.adapters):
            raise UsageError(
                f"the report {asked} has no result",
                "nothing can be compared with it",
                "Give another report.",
            )
        return BaselineSource(report=report, label=asked)
    name = slug(path.name) if asked not in names else asked
    if name not in names:
        raise UsageError(
            f"--eval-baseline {asked} is neither a report file nor an adapter of this session",
            "there is nothing to compare with",
            f"Give a file that `--eval-report` wrote, or one of {', '.join(names)}.",
        )
    if name == names[-1]:
        raise UsageError(
            f"--eval-baseline {asked} is the candidate itself",
            "it would be compared with itself",
            "Name the candidate last: --adapter OLD --adapter NEW --eval-baseline OLD.",
        )
    return BaselineSource(adapter=name, label=name)
