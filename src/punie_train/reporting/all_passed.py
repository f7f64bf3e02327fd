"""What a run without any failure proves: less than it seems."""

from punie_train.evals.report import EvalReport
from punie_train.evals.statistics.intervals import failure_upper_bound
from punie_train.reporting import numbers


def all_passed_note(report: EvalReport, adapter: str) -> str | None:
    """Return a sentence with the upper bound of the failure rate; None unless all cases passed.

    The bound is for the distinct cases; repeats of a case do not count as cases.
    """
    tally = report.summary[adapter].overall
    if not tally.cases or tally.passed != tally.replies:
        return None
    who = "the only case" if tally.cases == 1 else f"all {numbers.plural(tally.cases, 'case')}"
    at_most = numbers.percent(failure_upper_bound(tally.cases))
    return f"{who} passed: the failure rate is at most {at_most}, with 95 % confidence"
