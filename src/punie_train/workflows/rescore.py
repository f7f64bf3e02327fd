"""Score a stored report again: its replies, the case files of today, no model."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from punie_train.core.completions import Exchange
from punie_train.core.errors import UsageError
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case, Suite
from punie_train.evals.gates import GatePolicy, judge
from punie_train.evals.report import AdapterSummary, EvalReport, Pairing
from punie_train.evals.result import CaseResult
from punie_train.evals.scoring import score_case
from punie_train.evals.summary import pair, summarize
from punie_train.toolcalls.parsed import WireFormat
from punie_train.workflows.observe_code import Observes, observe_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A result whose outcome is another one now; `reason` says why it is what it is."""

    case: str
    adapter: str
    old: Outcome
    new: Outcome
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """The new report, what flipped, and which cases were not scored again.

    `reworded` are cases that ask something else today, `missing` those that no file holds any
    more, `unstored` those whose report has no replies by turn (an older version wrote it), `free`
    free-form evaluations: all keep the score that they had. `new_bar` are cases that ask the same
    and expect something else; they are scored by what they expect today.
    """

    report: EvalReport
    flips: tuple[Flip, ...]
    scored: int
    new_bar: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unstored: tuple[str, ...] = ()
    free: tuple[str, ...] = ()


@dataclass(slots=True)
class _Notes:
    scored: int = 0
    new_bar: dict[str, None] = field(default_factory=dict)
    reworded: dict[str, None] = field(default_factory=dict)
    missing: dict[str, None] = field(default_factory=dict)
    unstored: dict[str, None] = field(default_factory=dict)
    free: dict[str, None] = field(default_factory=dict)


def rescore(
    report: EvalReport, suites: Iterable[Suite], *, policy: GatePolicy, sandbox: Observes
) -> Rescored:
    """Return the report with every stored reply scored by the cases as they are today.

    Raises UsageError when not a single result could be scored again.
    """
    cases = {(case.suite, case.id): case for suite in suites for case in suite.cases}
    formats = {adapter.name: adapter.trained for adapter in report.adapters}
    notes = _Notes()
    results = tuple(_again(old, cases, formats, sandbox, notes) for old in report.results)
    if not notes.scored:
        raise UsageError(
            f"none of the {len(report.results)} results of the report can be scored again "
            f"({_why(notes)})",
            "the report stays what it is",
            "Name the case files of its suites with --cases",
        )
    again = replace(
        report,
        results=results,
        summary=_with_speed(report, results),
        pairings=_pairings(report, results),
        gates=(),
    )
    return Rescored(
        report=replace(again, gates=judge(again, policy)),
        flips=tuple(
            Flip(
                case=new.case,
                adapter=new.adapter,
                old=old.outcome,
                new=new.outcome,
                reason=new.reason,
            )
            for old, new in zip(report.results, results, strict=True)
            if old.outcome is not new.outcome
        ),
        scored=notes.scored,
        new_bar=tuple(notes.new_bar),
        reworded=tuple(notes.reworded),
        missing=tuple(notes.missing),
        unstored=tuple(notes.unstored),
        free=tuple(notes.free),
    )


def _again(
    old: CaseResult,
    cases: Mapping[tuple[str, str], Case],
    formats: Mapping[str, WireFormat | None],
    sandbox: Observes,
    notes: _Notes,
) -> CaseResult:
    name = f"{old.suite}::{old.case}"
    if not old.content_hash:
        notes.free[name] = None
        return old
    if (case := cases.get((old.suite, old.case))) is None:
        notes.missing[name] = None
        return old
    if old.request_hash and old.request_hash != case.request_hash:
        notes.reworded[name] = None
        return old
    if old.outcome is Outcome.UNAVAILABLE:
        return old
    if not old.replies or not old.request_hash:
        notes.unstored[name] = None
        return old
    if old.content_hash != case.content_hash:
        notes.new_bar[name] = None
    notes.scored += 1
    exchange = Exchange(turns=old.replies)
    trained = formats.get(old.adapter) or WireFormat.QWEN3_CODER_XML
    return score_case(
        case,
        exchange,
        adapter=old.adapter,
        repeat=old.repeat,
        trained=trained,
        observation=observe_code(case, exchange, trained=trained, sandbox=sandbox),
    )


def _why(notes: _Notes) -> str:
    counts = (
        (notes.missing, "in no case file"),
        (notes.reworded, "ask something else today"),
        (notes.unstored, "stored without their replies by an older version"),
        (notes.free, "free-form"),
    )
    return ", ".join(f"{len(names)} {what}" for names, what in counts if names) or "unavailable"


def _with_speed(report: EvalReport, results: Sequence[CaseResult]) -> dict[str, AdapterSummary]:
    """Return the new summary with the speed that the run itself measured."""
    fresh = summarize(results, seconds_by_adapter={})
    for name, summary in fresh.items():
        if name in report.summary:
            speed = report.summary[name].overall.tokens_per_second
            overall = replace(summary.overall, tokens_per_second=speed)
            fresh[name] = replace(summary, overall=overall)
    return fresh


def _pairings(report: EvalReport, results: Sequence[CaseResult]) -> tuple[Pairing, ...]:
    names = [adapter.name for adapter in report.adapters]
    return tuple(pairing for name in names[1:] for pairing in pair(results, names[0], name))
