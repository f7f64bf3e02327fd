"""Reading an evaluation report; every complaint names the place in the file."""

import json
import math
from typing import Any

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome, Score
from punie_train.evals.report import (
    AdapterRecord,
    AdapterSummary,
    Determinism,
    EvalReport,
    FieldAccessRates,
    GateResult,
    Interval,
    ModelRecord,
    Pairing,
    RepeatRates,
    Tally,
)
from punie_train.evals.result import CaseResult
from punie_train.reporting.json_fields import Fields, as_fields, report_error
from punie_train.toolcalls.parsed import WireFormat

SCHEMA = 1


def loads(text: str) -> EvalReport:
    """Return the report in a JSON text; ReportFormatError when it holds none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise report_error(f"not JSON, {error}") from None
    return from_json(value)


def from_json(value: Any) -> EvalReport:
    """Return the report in parsed JSON; unknown keys are left out.

    Raises ReportFormatError for another schema, a missing key or a value of the wrong kind.
    """
    if not isinstance(value, dict) or "schema" not in value:
        raise report_error("it has no schema number")
    if value["schema"] != SCHEMA or isinstance(value["schema"], bool):
        raise report_error(f"schema {value['schema']!r}; this version reads schema {SCHEMA}")
    fields = as_fields(value, "report")
    model = fields.child("model")
    return EvalReport(
        run=fields.text("run"),
        model=ModelRecord(
            path=model.text("path"),
            fingerprint=model.text("fingerprint", None),
            template_hash=model.text("template_hash", None),
        ),
        adapters=fields.items("adapters", _adapter),
        suites=fields.texts("suites"),
        sampling=fields.mapping("sampling"),
        environment=fields.mapping("environment"),
        results=fields.items("results", result_from_fields),
        summary={name: _summary(entry) for name, entry in fields.child("summary").entries()},
        pairings=fields.items("pairings", _pairing, []),
        gates=fields.items("gates", _gate, []),
        interrupted=fields.flag("interrupted", False),
        cached=_counts(fields.child("cached", {})),
        concurrency=_counts(fields.child("concurrency", {})),
        determinism={
            name: Determinism(asked=entry.whole("asked"), differing=entry.texts("differing"))
            for name, entry in fields.child("determinism", {}).entries()
        },
        resumed=_counts(fields.child("resumed", {})),
    )


def result_from_fields(fields: Fields) -> CaseResult:
    """Return one result; what a report of another writer may lack has a neutral value."""
    return CaseResult(
        case=fields.text("case"),
        suite=fields.text("suite"),
        category=fields.text("category"),
        tags=fields.texts("tags", []),
        content_hash=fields.text("content_hash", ""),
        prompt=fields.text("prompt", ""),
        adapter=fields.text("adapter"),
        repeat=fields.whole("repeat"),
        outcome=fields.member("outcome", Outcome),
        score=fields.number("score", None),
        scores=fields.items("scores", _score),
        reason=fields.text("reason", ""),
        reply=fields.text("reply"),
        calls=fields.items("calls", _call),
        malformed=fields.texts("malformed", []),
        format=fields.member("format", WireFormat, WireFormat.NONE.value),
        strict=fields.flag("strict", None),
        delivered=fields.flag("delivered", None),
        finish_reason=fields.text("finish_reason"),
        turns=fields.whole("turns", 1),
        prompt_tokens=fields.whole("prompt_tokens"),
        completion_tokens=fields.whole("completion_tokens"),
        queue_seconds=fields.number("queue_seconds"),
        generation_seconds=fields.number("generation_seconds"),
        request_hash=fields.text("request_hash", ""),
        expected=None if fields.values.get("expected") is None else fields.texts("expected"),
        replies=fields.items("replies", reply_from_fields, []),
    )


def reply_from_fields(fields: Fields) -> Completion:
    """Return one turn."""
    return Completion(
        text=fields.text("text"),
        content=fields.text("content", None),
        delivered=fields.items("delivered", _call),
        finish_reason=fields.text("finish_reason"),
        prompt_tokens=fields.whole("prompt_tokens"),
        completion_tokens=fields.whole("completion_tokens"),
        queue_seconds=fields.number("queue_seconds"),
        generation_seconds=fields.number("generation_seconds"),
        recovered=fields.flag("recovered", True),
    )


def _score(fields: Fields) -> Score:
    value = fields.number("value", None)
    return Score(
        name=fields.text("name"),
        value=math.nan if value is None else value,
        reason=fields.text("reason"),
    )


def _call(fields: Fields) -> ToolCall:
    return ToolCall(name=fields.text("name"), arguments=fields.mapping("arguments"))


def _adapter(fields: Fields) -> AdapterRecord:
    return AdapterRecord(
        name=fields.text("name"),
        path=fields.text("path", None),
        fingerprint=fields.text("fingerprint", None),
        trained=None
        if fields.values.get("trained_format") is None
        else fields.member("trained_format", WireFormat),
        attestation=attestation_from_fields(fields.child("attestation")),
    )


def attestation_from_fields(fields: Fields) -> Attestation:
    """Return a verdict; `applied` may be true or false as well as a name."""
    applied = fields.values.get("applied")
    if isinstance(applied, bool):
        values = {**fields.values, "applied": str(applied).lower()}
        fields = Fields(values=values, place=fields.place)
    return Attestation(
        applied=fields.member("applied", Applied),
        reason=fields.text("reason"),
        shift=fields.number("shift", None),
        noise=fields.number("noise", None),
    )


def _counts(fields: Fields) -> dict[str, int]:
    return {name: fields.whole(name) for name in fields.values}


def _summary(fields: Fields) -> AdapterSummary:
    metrics = fields.child("metrics")
    return AdapterSummary(
        overall=_tally(fields.child("overall")),
        categories={name: _tally(entry) for name, entry in fields.child("categories").entries()},
        tags={
            (category, tag): _tally(entry)
            for category, by_tag in fields.child("tags", {}).entries()
            for tag, entry in by_tag.entries()
        },
        delivered_rate=metrics.number("delivered_rate", None),
        strict_format_rate=metrics.number("strict_format_rate", None),
        field_access_rate=_field_access(metrics.child("field_access_rate")),
        confusion=_confusion(fields.child("confusion", {})),
        repeats=fields.items("repeats", _repeat_rates, []),
    )


def _repeat_rates(fields: Fields) -> RepeatRates:
    return RepeatRates(
        k=fields.whole("k"),
        pass_at=fields.number("pass_at_k"),
        pass_hat=fields.number("pass_hat_k"),
        cases=fields.whole("cases"),
    )


def _confusion(fields: Fields) -> dict[str, dict[str, int]]:
    return {wanted: _counts(row) for wanted, row in fields.entries()}


def _field_access(fields: Fields) -> FieldAccessRates:
    return FieldAccessRates(
        static=fields.number("static", None),
        typed=fields.number("typed", None),
        executed=fields.number("executed", None),
    )


def _tally(fields: Fields) -> Tally:
    low, high = fields.number("low", None), fields.number("high", None)
    cases, unavailable = fields.whole("cases"), fields.whole("unavailable")
    malformed, truncated = fields.whole("malformed"), fields.whole("truncated")
    rate = fields.number("success_rate", None)
    passed = fields.whole("passed", round((rate or 0) * (cases - unavailable)))
    return Tally(
        cases=cases,
        passed=passed,
        failed=fields.whole("failed", cases - unavailable - passed - malformed - truncated),
        malformed=malformed,
        truncated=truncated,
        unavailable=unavailable,
        score=fields.number("score", None),
        success_rate=rate,
        interval=None if low is None or high is None else Interval(low=low, high=high),
        tokens_per_second=fields.number("tokens_per_second", None),
        strict_format_rate=fields.number("strict_format_rate", None),
        lenient_format_rate=fields.number("lenient_format_rate", None),
    )


def _pairing(fields: Fields) -> Pairing:
    return Pairing(
        old=fields.text("old"),
        new=fields.text("new"),
        category=fields.text("category"),
        pairs=fields.whole("pairs"),
        gained=fields.whole("gained"),
        lost=fields.whole("lost"),
        unpaired=fields.whole("unpaired"),
        difference=fields.number("difference", None),
    )


def _gate(fields: Fields) -> GateResult:
    values = fields.child("numbers", {})
    return GateResult(
        name=fields.text("name"),
        adapter=fields.text("adapter"),
        passed=fields.flag("passed"),
        message=fields.text("message"),
        verdict=fields.text("verdict", None),
        numbers={key: values.number(key, None) for key in values.values},
    )
