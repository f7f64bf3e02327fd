"""What a run without any failure proves: less than it seems."""

from punie_train.evals.report import EvalReport
from punie_train.reporting import numbers


def all_passed_note(report: EvalReport, adapter: str) -> str | None:
    """Return a sentence with the upper bound of the failure rate; None unless all cases passed.

    The bound is 1 - 0.05^(1/n) for n distinct cases (the exact one-sided 95 % bound, "rule of
    three"); repeats of a case do not count as cases.
    """
    tally = report.summary[adapter].overall
    if not tally.cases or tally.passed != tally.cases:
        return None
    results = (result for result in report.results if result.adapter == adapter)
    distinct = len({(result.suite, result.case) for result in results}) or tally.cases
    bound = 1 - 0.05 ** (1 / distinct)
    who = "the only case" if distinct == 1 else f"all {numbers.plural(distinct, 'case')}"
    at_most = numbers.percent(bound)
    return f"{who} passed: the failure rate is at most {at_most}, with 95 % confidence"
