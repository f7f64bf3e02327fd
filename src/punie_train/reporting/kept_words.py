"""How many replies of an adapter were not made by this run."""

from punie_train.evals.report import EvalReport
from punie_train.reporting import numbers


def kept_note(report: EvalReport, adapter: str) -> str | None:
    """Return a sentence where replies came from the cache or from a run that was stopped."""
    replies = numbers.count(report.summary[adapter].overall.replies)
    parts = [
        f"{numbers.count(count)} of {replies} replies {words}"
        for counts, words in (
            (report.cached, "came from the cache"),
            (report.resumed, "came from the run that this one goes on with"),
        )
        if (count := counts.get(adapter, 0))
    ]
    return ", ".join(parts) or None
