"""Reports made by hand: two adapters, two categories, as hostile as the test asks for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome, Score
from punie_train.evals.report import (
    AdapterRecord,
    AdapterSummary,
    EvalReport,
    FieldAccessRates,
    GateResult,
    Interval,
    ModelRecord,
    Pairing,
    Tally,
)
from punie_train.evals.result import CaseResult
from punie_train.toolcalls.parsed import WireFormat

CATEGORIES = ("tool_calling", "field_access")
HOSTILE = (
    "<img src=x onerror=document.title='pwned'>",
    "</script><script>document.title='pwned'</script>",
    "<!--<script>document.title='pwned'",
    "\x1b]0;pwned\x07\x1b[31m",
    "one\u2028two\u2029three",
    "abc\u202edef",
    "\ud800",
    "' onmouseover='document.title=1' \" x=\"",
)


def result(number: int, adapter: str, outcome: Outcome, extra: str = "") -> CaseResult:
    """Return one result whose every text ends in `extra`."""
    passed, missing = outcome is Outcome.PASSED, outcome is Outcome.UNAVAILABLE
    value = 1.0 if passed else 0.0
    return CaseResult(
        case=f"case-{number}",
        suite="shipped",
        category=CATEGORIES[number % 2],
        tags=("new-phrasing" if number % 3 else "known-phrasing",),
        content_hash=f"{number:064x}",
        prompt=f"Read file number {number}. {extra}",
        adapter=adapter,
        repeat=1,
        outcome=outcome,
        score=None if missing else value,
        scores=() if missing else (Score(name="calls", value=value, reason=f"as seen {extra}"),),
        reason="" if passed else f"missing call: read_file {extra}",
        reply="" if missing else f"<tool_call>reply {number}</tool_call>{extra}",
        calls=(
            ToolCall(name=f"read_file{extra}", arguments={"path": f"{number}.py{extra}", "n": [1]}),
        ),
        malformed=(f"no name {extra}",) if outcome is Outcome.MALFORMED else (),
        format=WireFormat.QWEN3_CODER_XML,
        strict=True,
        delivered=passed,
        finish_reason="tool_calls",
        turns=1,
        prompt_tokens=100,
        completion_tokens=20,
        queue_seconds=0.25,
        generation_seconds=1.5,
    )


def tally(results: Sequence[CaseResult], tokens_per_second: float | None = None) -> Tally:
    """Return the counts of some results, with an interval that is plausible only."""
    counts = {outcome: sum(one.outcome is outcome for one in results) for outcome in Outcome}
    measured = len(results) - counts[Outcome.UNAVAILABLE]
    rate = counts[Outcome.PASSED] / measured if measured else None
    return Tally(
        cases=len(results),
        passed=counts[Outcome.PASSED],
        failed=counts[Outcome.FAILED],
        malformed=counts[Outcome.MALFORMED],
        truncated=counts[Outcome.TRUNCATED],
        unavailable=counts[Outcome.UNAVAILABLE],
        score=rate,
        success_rate=rate,
        interval=None if rate is None else Interval(low=rate / 2, high=(1 + rate) / 2),
        tokens_per_second=tokens_per_second,
    )


def report(outcomes: dict[str, Sequence[Outcome]], extra: str = "", **changes: Any) -> EvalReport:
    """Return a report of these outcomes, case by case, by adapter; the first is the bare model."""
    results = [
        result(number, adapter, outcome, extra)
        for adapter, ends in outcomes.items()
        for number, outcome in enumerate(ends)
    ]
    names = list(outcomes)
    built = EvalReport(
        run="2026-11-02T10-11-12Z-4f2a",
        model=ModelRecord(path="starter", fingerprint="cd" * 32, template_hash="ef" * 32),
        adapters=tuple(_record(name, bare=name == names[0]) for name in names),
        suites=("shipped",),
        sampling={"temperature": 0.0, "max_tokens": 512},
        environment={"mlx_lm": "0.32.2"},
        results=tuple(results),
        summary={name: _summary([one for one in results if one.adapter == name]) for name in names},
        pairings=tuple(
            Pairing(
                old=names[0],
                new=name,
                category=category,
                pairs=10,
                gained=3,
                lost=1,
                unpaired=2,
                difference=0.2,
            )
            for name in names[1:]
            for category in ("overall", *CATEGORIES)
        ),
        gates=(
            GateResult(name="overall", adapter=names[-1], passed=True, message="80 % is enough"),
            GateResult(name="delivered", adapter=names[-1], passed=False, message="F67, only 50 %"),
        ),
    )
    return replace(built, **changes)


def _record(name: str, *, bare: bool) -> AdapterRecord:
    return AdapterRecord(
        name=name,
        path=None if bare else f"adapters/{name}",
        fingerprint=None if bare else "ab" * 32,
        attestation=Attestation(
            applied=Applied.NOT_APPLICABLE if bare else Applied.YES,
            reason="the bare model" if bare else "the canary differs from the base",
            shift=None if bare else 3.21,
            noise=None if bare else 0.0,
        ),
    )


def _summary(results: Sequence[CaseResult]) -> AdapterSummary:
    tags = dict.fromkeys((one.category, one.tags[0]) for one in results)
    return AdapterSummary(
        overall=tally(results, 1183.4),
        categories={
            name: tally([one for one in results if one.category == name]) for name in CATEGORIES
        },
        tags={
            key: tally([one for one in results if (one.category, one.tags[0]) == key])
            for key in tags
        },
        delivered_rate=0.5,
        strict_format_rate=1.0,
        field_access_rate=FieldAccessRates(),
    )


@pytest.fixture
def make_report() -> Callable[..., EvalReport]:
    """Return the function that builds a report."""
    return report


@pytest.fixture
def make_result() -> Callable[..., CaseResult]:
    """Return the function that builds a result."""
    return result


@pytest.fixture
def mixed(make_report: Callable[..., EvalReport]) -> EvalReport:
    """Return a report of two adapters with every outcome in it."""
    return make_report({"base": list(Outcome) * 2, "v3": [Outcome.PASSED] * 9 + [Outcome.FAILED]})


@pytest.fixture
def hostile(make_report: Callable[..., EvalReport]) -> EvalReport:
    """Return the same report with every hostile text in every text of a model."""
    ends = {"base": list(Outcome) * 2, "v3": [Outcome.PASSED] * 9 + [Outcome.FAILED]}
    return make_report(ends, " ".join(HOSTILE))
