"""The release policy: may this adapter replace the bare model?

Overall not below base; tool calling at least 95 % and better than base; code generation and
reasoning not below base; red flags are an overall score under 85 % and calls that are not in the
trained format.
"""

from punie_train.evals.report import EvalReport, GateResult

BASE = "base"
TOOL_CALLING = "tool_calling"
KEPT = ("code_generation", "reasoning")
LOWEST_TOOL_CALLING = 0.95
LOWEST_OVERALL = 0.85


def percent(value: float) -> str:
    """Return a rate as a percentage, without hiding a difference that decides a gate."""
    return f"{100 * value:.2f}".rstrip("0").rstrip(".") + " %"


def release_gates(report: EvalReport, candidate: str) -> list[GateResult]:
    """Return the lines of the policy that the report can answer.

    Without results of the bare model, or with it as the candidate, there is none. A line about a
    category that was not run is left out, and so is the format where nothing was called.
    """
    if BASE not in report.summary or candidate == BASE:
        return []
    base, new = report.summary[BASE], report.summary[candidate]
    lines = [
        _not_below("overall", new.overall.score, base.overall.score),
        _at_least("overall", new.overall.score, LOWEST_OVERALL),
    ]
    if new.strict_format_rate is not None:
        lines.append(_at_least("strict format", new.strict_format_rate, 1.0))
    if TOOL_CALLING in new.categories:
        score = new.categories[TOOL_CALLING].score
        lines.append(_at_least("tool calling", score, LOWEST_TOOL_CALLING))
    if TOOL_CALLING in new.categories and TOOL_CALLING in base.categories:
        lines.append(
            _better(
                "tool calling",
                new.categories[TOOL_CALLING].score,
                base.categories[TOOL_CALLING].score,
            )
        )
    lines += [
        _not_below(name, new.categories[name].score, base.categories[name].score)
        for name in KEPT
        if name in new.categories and name in base.categories
    ]
    return [
        GateResult(name=f"release: {name}", adapter=candidate, passed=passed, message=message)
        for name, passed, message in lines
    ]


_Line = tuple[str, bool, str]


def _at_least(what: str, score: float | None, lowest: float) -> _Line:
    name = f"{what} at least {percent(lowest)}"
    if score is None:
        return name, False, f"{what} was not measured"
    return name, score >= lowest, f"{what} is {percent(score)}"


def _not_below(what: str, new: float | None, base: float | None) -> _Line:
    name = f"{what} not below base"
    if new is None or base is None:
        return name, False, f"{what} was not measured on both"
    return name, new >= base, f"{what} is {percent(new)}, base has {percent(base)}"


def _better(what: str, new: float | None, base: float | None) -> _Line:
    name = f"{what} better than base"
    if new is None or base is None:
        return name, False, f"{what} was not measured on both"
    return name, new > base, f"{what} is {percent(new)}, base has {percent(base)}"
