"""Judge a report by a policy; every line that is broken is named with its numbers.

The candidate is the adapter that was named last; the adapters before it are what it is compared
with, so only validity is asked of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from punie_train.core.attestations import Applied
from punie_train.evals.release_policy import percent, release_gates
from punie_train.evals.report import EvalReport, GateResult
from punie_train.evals.summary import OVERALL


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePolicy:
    """What is asked of a report.

    `fail_under` maps `overall` or a category to the lowest score (0.0 to 1.0) that passes.
    `release` asks for the release policy too; what compares needs the bare model in the report.
    `max_unavailable` is the share of replies that may be missing before the report is INVALID.
    `delivered_under` is the lowest delivered rate that passes; None asks for none.
    """

    fail_under: Mapping[str, float] = field(default_factory=dict)
    release: bool = False
    max_unavailable: float = 0.05
    delivered_under: float | None = None


def judge(report: EvalReport, policy: GatePolicy) -> tuple[GateResult, ...]:
    """Return the lines of the policy; those about validity appear only when they are broken."""
    if not any(summary.overall.cases for summary in report.summary.values()):
        message = "INVALID: no case was evaluated, so nothing was measured [F62]"
        return (GateResult(name="cases", adapter="", passed=False, message=message),)
    candidate = candidate_of(report)
    gates = [*_validity(report, policy), *_fail_under(report, policy, candidate)]
    if policy.delivered_under is not None:
        gates.append(_delivered(report, policy.delivered_under, candidate))
    if policy.release:
        gates += release_gates(report, candidate)
    return tuple(gates)


def candidate_of(report: EvalReport) -> str:
    """Return the name of the adapter that the gates are about: the last one with results."""
    names = [adapter.name for adapter in report.adapters if adapter.name in report.summary]
    return names[-1] if names else list(report.summary)[-1]


def _validity(report: EvalReport, policy: GatePolicy) -> list[GateResult]:
    broken: list[GateResult] = []
    if report.interrupted:
        message = "INVALID: the session was interrupted before every selected case was reached"
        broken.append(GateResult(name="complete", adapter="", passed=False, message=message))
    for record in report.adapters:
        if record.attestation.applied is Applied.NO:
            message = f"INVALID: the adapter was not applied ({record.attestation.reason})"
            broken.append(
                GateResult(name="attestation", adapter=record.name, passed=False, message=message)
            )
        tally = report.summary[record.name].overall if record.name in report.summary else None
        if tally is None or not tally.cases:
            message = "INVALID: no case was evaluated with this adapter"
            broken.append(
                GateResult(name="cases", adapter=record.name, passed=False, message=message)
            )
    for name, summary in report.summary.items():
        replies, missing = summary.overall.replies, summary.overall.unavailable
        if replies and missing / replies > policy.max_unavailable:
            failure = "F15" if missing == replies else "F14"
            message = (
                f"INVALID: {missing} of {replies} replies are unavailable, more than "
                f"{percent(policy.max_unavailable)}: they are neither left out nor counted as "
                f"wrong. Read why in the report, and run again [{failure}]"
            )
            broken.append(
                GateResult(name="unavailable", adapter=name, passed=False, message=message)
            )
    return broken


def _fail_under(report: EvalReport, policy: GatePolicy, candidate: str) -> list[GateResult]:
    summary = report.summary[candidate]
    tallies = {OVERALL: summary.overall, **summary.categories}
    gates: list[GateResult] = []
    for name, lowest in policy.fail_under.items():
        score = tallies[name].score if name in tallies else None
        if name not in tallies:
            near = get_close_matches(name, list(tallies), n=1)
            hint = f"did you mean {near[0]}" if near else f"there are {', '.join(tallies)}"
            message = f"measured nothing: no case of category {name} ran ({hint})"
        elif score is None:
            message = f"measured nothing: every case of {name} is unavailable"
        else:
            relation = "under" if score < lowest else "at least"
            message = f"{name} scores {percent(score)}, {relation} {percent(lowest)}"
        passed = score is not None and score >= lowest
        gates.append(
            GateResult(name=f"fail-under {name}", adapter=candidate, passed=passed, message=message)
        )
    return gates


def _delivered(report: EvalReport, lowest: float, candidate: str) -> GateResult:
    rate = report.summary[candidate].delivered_rate
    if rate is None:
        message = "measured nothing: no reply with a call could be compared with the server's"
    else:
        relation = "under" if rate < lowest else "at least"
        message = (
            f"the server hands over the calls of {percent(rate)} of the replies that have any, "
            f"{relation} {percent(lowest)}"
        )
    return GateResult(
        name="delivered",
        adapter=candidate,
        passed=rate is not None and rate >= lowest,
        message=message,
    )
