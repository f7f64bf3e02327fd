"""The release policy: may this adapter replace the bare model?

Overall not below base; tool calling at least 95 % and better than base; code generation and
reasoning not below base; red flags are an overall score under 85 % and calls that are not in the
trained format.
"""

from punie_train.evals.report import EvalReport, GateResult, Pairing
from punie_train.evals.summary import OVERALL, pair

BASE = "base"
TOOL_CALLING = "tool_calling"
KEPT = ("code_generation", "reasoning")
LOWEST_TOOL_CALLING = 0.95
LOWEST_OVERALL = 0.85
ROUNDING = 1e-9
"""Differences of means below this come from rounding: a difference of 0.0 may be stored so."""


def percent(value: float) -> str:
    """Return a rate as a percentage, without hiding a difference that decides a gate."""
    return f"{100 * value:.2f}".rstrip("0").rstrip(".") + " %"


def release_gates(report: EvalReport, candidate: str) -> list[GateResult]:
    """Return the lines of the policy that the report can answer.

    With the bare model as the candidate there is none; without its results only those that
    compare with nothing. A comparison is over the cases that both answered, so that a lost reply
    favours neither. A line about a category that was not run is left out, and so is the format
    where nothing was called.
    """
    if candidate == BASE:
        return []
    new = report.summary[candidate]
    lines = [_at_least("overall", new.overall.score, LOWEST_OVERALL)]
    if new.strict_format_rate is not None:
        lines.append(_at_least("strict format", new.strict_format_rate, 1.0))
    if TOOL_CALLING in new.categories:
        score = new.categories[TOOL_CALLING].score
        lines.append(_at_least("tool calling", score, LOWEST_TOOL_CALLING))
    if BASE in report.summary:
        lines += _compared_with_base(report, candidate)
    return [
        GateResult(name=f"release: {name}", adapter=candidate, passed=passed, message=message)
        for name, passed, message in lines
    ]


_Line = tuple[str, bool, str]


def _compared_with_base(report: EvalReport, candidate: str) -> list[_Line]:
    base, new = report.summary[BASE].categories, report.summary[candidate].categories
    lines = []
    for pairing in pair(report.results, BASE, candidate):
        name = pairing.category
        if name == OVERALL or (name in KEPT and name in base and name in new):
            lines.append(_compared(f"{name} not below base", pairing, -ROUNDING))
        elif name == TOOL_CALLING and name in base and name in new:
            lines.append(_compared("tool calling better than base", pairing, ROUNDING))
    return lines


def _at_least(what: str, score: float | None, lowest: float) -> _Line:
    name = f"{what} at least {percent(lowest)}"
    if score is None:
        return name, False, f"{what} was not measured"
    return name, score >= lowest, f"{what} is {percent(score)}"


def _compared(name: str, pairing: Pairing, least: float) -> _Line:
    if pairing.difference is None:
        return name, False, f"no case of {pairing.category} was answered on both"
    message = (
        f"{pairing.category} differs by {100 * pairing.difference:+.2f} points on the "
        f"{pairing.pairs} cases that both answered"
    )
    return name, pairing.difference >= least, message
