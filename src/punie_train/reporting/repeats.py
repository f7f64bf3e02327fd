"""What the counts of a run with repeats count."""

from punie_train.evals.report import EvalReport
from punie_train.reporting import numbers


def repeats_note(report: EvalReport, adapter: str) -> str | None:
    """Return a sentence where an adapter has more replies than cases, else None."""
    tally = report.summary[adapter].overall
    if tally.replies <= tally.cases:
        return None
    replies = numbers.plural(tally.replies, "reply", "replies")
    cases = numbers.plural(tally.cases, "case")
    said = f"{replies} to {cases}: passed, malformed, truncated and unavailable count replies"
    if rates := report.summary[adapter].repeats:
        last = rates[-1]
        said += (
            f"; pass@{last.k} (one of {last.k} right) {numbers.percent(last.pass_at)}, "
            f"pass^{last.k} (all right) {numbers.percent(last.pass_hat)}"
        )
    return said
