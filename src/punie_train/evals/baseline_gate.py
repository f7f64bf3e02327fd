"""The gate on a paired comparison: passed, regressed, or honestly not known, if it is valid at all.

The rule is on the interval of the difference new - old, case by case: PASS when it lies above the
allowed drop, REGRESSED when it lies below, INCONCLUSIVE otherwise; INVALID when the two runs did
not answer the same questions in the same way. Several categories are judged together (Holm 1979).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from punie_train.core.attestations import Applied
from punie_train.core.outcomes import Outcome
from punie_train.evals.comparison import case_means, repeats_of
from punie_train.evals.release_policy import percent
from punie_train.evals.report import AdapterRecord, EvalReport, GateResult
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.multiplicity import holm
from punie_train.evals.statistics.verdict import MAX_DROP, PairVerdict, Verdict, judge_pair
from punie_train.evals.summary import OVERALL

INVALID = "invalid"
CONFIDENCE = 0.95
SHOWN_CASES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a candidate is compared with: one adapter's results and how they came about."""

    label: str
    record: AdapterRecord
    results: tuple[CaseResult, ...]
    sampling: Mapping[str, Any]
    template_hash: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinePolicy:
    """How much may be lost, 0.0 to 1.0, `overall` or by category; `strict` wants to know.

    With `strict` a verdict of INCONCLUSIVE fails the gate. `max_unavailable` is the share of
    replies that may be missing on either side, `title` what the gates are called.
    """

    max_drop: Mapping[str, float] = field(default_factory=lambda: {OVERALL: MAX_DROP})
    strict: bool = False
    max_unavailable: float = 0.05
    title: str = "baseline"


def baseline_of(report: EvalReport, adapter: str, label: str) -> Baseline:
    """Return one adapter of a report as a baseline; raises KeyError where it has no results."""
    record = next((one for one in report.adapters if one.name == adapter), None)
    if record is None or adapter not in report.summary:
        raise KeyError(adapter)
    return Baseline(
        label=label,
        record=record,
        results=tuple(one for one in report.results if one.adapter == adapter),
        sampling=report.sampling,
        template_hash=report.model.template_hash,
    )


def baseline_gates(
    report: EvalReport, candidate: str, baseline: Baseline, policy: BaselinePolicy
) -> tuple[GateResult, ...]:
    """Return a gate for each name in the policy's `max_drop`, or the one that says INVALID."""
    new = baseline_of(report, candidate, candidate)
    if faults := _faults(baseline, new, policy.max_unavailable):
        message = (
            f"INVALID against {baseline.label}: {'; '.join(faults)}. Run the baseline again "
            "under the same conditions [F63]"
        )
        return (
            GateResult(
                name=policy.title,
                adapter=candidate,
                passed=False,
                message=message,
                verdict=INVALID,
            ),
        )
    drops = dict(policy.max_drop)
    verdicts = {name: _judged(baseline, new, name, drop) for name, drop in drops.items()}
    adjusted = _adjusted(verdicts)
    return tuple(
        _gate(
            name,
            adjusted[name],
            verdicts[name],
            (candidate, baseline.label),
            policy,
        )
        for name in drops
    )


def _judged(old: Baseline, new: Baseline, category: str, drop: float) -> PairVerdict:
    sides = [
        [one for one in side.results if category in (OVERALL, one.category)] for side in (old, new)
    ]
    repeats = max(map(repeats_of, sides))
    return judge_pair(case_means(sides[0]), case_means(sides[1]), max_drop=drop, repeats=repeats)


def _adjusted(verdicts: Mapping[str, PairVerdict]) -> dict[str, Verdict]:
    measured = [name for name, found in verdicts.items() if found.pairs]
    adjusted = dict(zip(measured, holm([verdicts[n].p_regressed for n in measured]), strict=True))
    told = {}
    for name, found in verdicts.items():
        verdict = found.verdict
        if verdict is Verdict.REGRESSED and adjusted[name] > 1 - CONFIDENCE:
            verdict = Verdict.INCONCLUSIVE
        told[name] = verdict
    return told


def _faults(old: Baseline, new: Baseline, max_unavailable: float) -> list[str]:
    """Return in words why the two runs cannot be compared; empty when they can."""
    faults = []
    for side in (old, new):
        if side.record.attestation.applied is Applied.NO:
            faults.append(f"{side.label} was not live ({side.record.attestation.reason})")
        missing = sum(one.outcome is Outcome.UNAVAILABLE for one in side.results)
        if side.results and missing / len(side.results) > max_unavailable:
            faults.append(
                f"{missing} of {len(side.results)} replies of {side.label} are unavailable, more "
                f"than {percent(max_unavailable)}"
            )
    if changed := _changed(old.results, new.results):
        more = f" and {len(changed) - SHOWN_CASES} more" if changed[SHOWN_CASES:] else ""
        faults.append(f"the cases {', '.join(changed[:SHOWN_CASES])}{more} were edited since")
    if None not in (old.template_hash, new.template_hash) and (
        old.template_hash != new.template_hash
    ):
        faults.append("the chat template is another one [F25]")
    keys = dict.fromkeys((*old.sampling, *new.sampling))
    if different := [key for key in keys if old.sampling.get(key) != new.sampling.get(key)]:
        listed = ", ".join(
            f"{key} {old.sampling.get(key)} then, {new.sampling.get(key)} now" for key in different
        )
        faults.append(f"the sampling differs ({listed})")
    if not faults and not (case_means(old.results).keys() & case_means(new.results).keys()):
        faults.append("no case was answered by both")
    return faults


def _changed(old: Sequence[CaseResult], new: Sequence[CaseResult]) -> list[str]:
    hashes = {(one.suite, one.case): one.content_hash for one in old}
    changed = {
        f"{one.suite}::{one.case}": None
        for one in new
        if hashes.get((one.suite, one.case), one.content_hash) != one.content_hash
    }
    return list(changed)


def _gate(
    name: str,
    verdict: Verdict,
    found: PairVerdict,
    who: tuple[str, str],
    policy: BaselinePolicy,
) -> GateResult:
    candidate, label = who
    if not found.pairs:
        return GateResult(
            name=f"{policy.title} {name}",
            adapter=candidate,
            passed=False,
            verdict=INVALID,
            message=f"INVALID against {label}: no case of {name} was answered by both",
        )
    return GateResult(
        name=f"{policy.title} {name}",
        adapter=candidate,
        passed=verdict is Verdict.PASS or (verdict is Verdict.INCONCLUSIVE and not policy.strict),
        message=f"{verdict.upper()} against {label}: {_words(verdict, found)}",
        verdict=verdict.value,
        numbers={
            "difference": found.difference,
            "low": found.interval.low,
            "high": found.interval.high,
            "max_drop": found.max_drop,
            "pairs": found.pairs,
            "unpaired": found.unpaired,
            "gained": found.gained,
            "lost": found.lost,
            "p_value": found.p_value,
            "detectable": found.detectable,
            "cases_needed": found.cases_needed,
        },
    )


def _words(verdict: Verdict, found: PairVerdict) -> str:
    said = (
        f"{_points(found.difference or 0.0)} (95 % interval {_points(found.interval.low)} to "
        f"{_points(found.interval.high)}) over {found.pairs} cases, {found.lost} lost, "
        f"{found.gained} gained; {_plain(found.max_drop)} points may be lost"
    )
    if found.unpaired:
        said += f"; {found.unpaired} cases are on one side only"
    if verdict is Verdict.INCONCLUSIVE:
        if found.detectable is not None:
            said += f"; only {_plain(found.detectable)} points or more would be seen"
        if found.cases_needed is not None:
            said += f"; {found.cases_needed:,} cases are needed to see {_plain(found.max_drop)}"
        said += " [F20]"
    return said


def _points(difference: float) -> str:
    return f"{100 * difference:+.1f} points"


def _plain(difference: float) -> str:
    return f"{100 * difference:.1f}".removesuffix(".0")
