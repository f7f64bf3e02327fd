"""Does a score hold over temperatures and over adapters of other seeds? (the format lock)"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from punie_train.evals.comparison import case_means, repeats_of
from punie_train.evals.report import EvalReport, Tally
from punie_train.evals.result import CaseResult
from punie_train.evals.statistics.multiplicity import holm
from punie_train.evals.statistics.verdict import PairVerdict, Verdict, judge_pair

MAX_DROP = 0.1
CONFIDENCE = 0.95


class Robustness(StrEnum):
    """What all settings together say."""

    ROBUST = "robust"
    FRAGILE = "fragile"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One adapter at one temperature, and how it differs from the first; None for the first."""

    adapter: str
    temperature: float
    tally: Tally
    difference: PairVerdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessResult:
    """Every setting and the verdict: FRAGILE when one lost more than `max_drop`."""

    settings: tuple[Setting, ...]
    max_drop: float
    verdict: Robustness


def judge_robustness(
    runs: Sequence[tuple[float, EvalReport]], *, max_drop: float = MAX_DROP
) -> RobustnessResult:
    """Return the verdict over runs of one suite, each a temperature and its report.

    Every adapter of every run is compared, case by case, with the first adapter of the first run.
    ROBUST when no interval reaches below the allowed drop, FRAGILE when one lies below it (Holm
    1979 over all of them), INCONCLUSIVE otherwise. Raises `ValueError` without two settings.
    """
    measured = [
        (adapter.name, temperature, report)
        for temperature, report in runs
        for adapter in report.adapters
        if adapter.name in report.summary
    ]
    if len(measured) < 2:
        raise ValueError("robustness needs two settings")
    first = _results(*measured[0])
    settings = []
    for place, (name, temperature, report) in enumerate(measured):
        own = _results(name, temperature, report)
        repeats = max(repeats_of(first), repeats_of(own))
        difference = judge_pair(
            case_means(first), case_means(own), max_drop=max_drop, repeats=repeats
        )
        settings.append(
            Setting(
                adapter=name,
                temperature=temperature,
                tally=report.summary[name].overall,
                difference=difference if place else None,
            )
        )
    return RobustnessResult(settings=tuple(settings), max_drop=max_drop, verdict=_verdict(settings))


def _results(name: str, _: float, report: EvalReport) -> list[CaseResult]:
    return [result for result in report.results if result.adapter == name]


def _verdict(settings: Sequence[Setting]) -> Robustness:
    told = [setting.difference for setting in settings if setting.difference is not None]
    adjusted = holm([one.p_regressed for one in told])
    regressed = [
        one.verdict is Verdict.REGRESSED and p <= 1 - CONFIDENCE
        for one, p in zip(told, adjusted, strict=True)
    ]
    if any(regressed):
        return Robustness.FRAGILE
    if all(one.verdict is Verdict.PASS for one in told):
        return Robustness.ROBUST
    return Robustness.INCONCLUSIVE
