"""An evaluation report as JSON, and back; JSON is the truth, every other view is made from it."""

import json
from typing import Any

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.messages import ToolCall
from punie_train.evals.report import AdapterRecord, AdapterSummary, EvalReport, Tally
from punie_train.evals.result import CaseResult
from punie_train.reporting.json_fields import ReportFormatError, finite, plain
from punie_train.reporting.json_reading import SCHEMA, from_json, loads

__all__ = ["SCHEMA", "ReportFormatError", "dumps", "from_json", "loads", "to_json"]


def dumps(report: EvalReport) -> str:
    """Return the report as ASCII JSON text with a final line feed."""
    return json.dumps(to_json(report), indent=1, allow_nan=False) + "\n"


def to_json(report: EvalReport) -> dict[str, Any]:
    """Return the report as JSON values; `from_json` gives the same report back.

    Only numbers that are not finite do not come back: an argument's becomes its name as text, any
    other null.
    """
    return {
        "schema": SCHEMA,
        "run": report.run,
        "interrupted": report.interrupted,
        "model": {
            "path": report.model.path,
            "fingerprint": report.model.fingerprint,
            "template_hash": report.model.template_hash,
        },
        "adapters": [_adapter(adapter) for adapter in report.adapters],
        "suites": list(report.suites),
        "sampling": plain(report.sampling),
        "environment": dict(report.environment),
        "cached": dict(report.cached),
        "concurrency": dict(report.concurrency),
        "determinism": {
            name: {"asked": probe.asked, "differing": list(probe.differing)}
            for name, probe in report.determinism.items()
        },
        "resumed": dict(report.resumed),
        "summary": {name: _summary(entry) for name, entry in report.summary.items()},
        "pairings": [
            {
                "old": pairing.old,
                "new": pairing.new,
                "category": pairing.category,
                "pairs": pairing.pairs,
                "gained": pairing.gained,
                "lost": pairing.lost,
                "unpaired": pairing.unpaired,
                "difference": finite(pairing.difference),
            }
            for pairing in report.pairings
        ],
        "gates": [
            {
                "name": gate.name,
                "adapter": gate.adapter,
                "passed": gate.passed,
                "message": gate.message,
                "verdict": gate.verdict,
                "numbers": {key: finite(value) for key, value in gate.numbers.items()},
            }
            for gate in report.gates
        ],
        "results": [result_to_json(result) for result in report.results],
    }


def result_to_json(result: CaseResult) -> dict[str, Any]:
    """Return one result as JSON values, as it stands in a report's `results`."""
    return {
        "case": result.case,
        "suite": result.suite,
        "category": result.category,
        "tags": list(result.tags),
        "content_hash": result.content_hash,
        "adapter": result.adapter,
        "repeat": result.repeat,
        "outcome": result.outcome.value,
        "score": finite(result.score),
        "scores": [
            {"name": score.name, "value": finite(score.value), "reason": score.reason}
            for score in result.scores
        ],
        "reason": result.reason,
        "prompt": result.prompt,
        "reply": result.reply,
        "calls": [_call(call) for call in result.calls],
        "malformed": list(result.malformed),
        "format": result.format.value,
        "strict": result.strict,
        "finish_reason": result.finish_reason,
        "delivered": result.delivered,
        "turns": result.turns,
        "prompt_tokens": result.prompt_tokens,
        "completion_tokens": result.completion_tokens,
        "queue_seconds": result.queue_seconds,
        "generation_seconds": result.generation_seconds,
        "request_hash": result.request_hash,
        "expected": None if result.expected is None else list(result.expected),
        "replies": [reply_to_json(turn) for turn in result.replies],
    }


def reply_to_json(turn: Completion) -> dict[str, Any]:
    """Return one turn as JSON values; token ids and their probabilities are left out."""
    return {
        "text": turn.text,
        "content": turn.content,
        "delivered": [_call(call) for call in turn.delivered],
        "finish_reason": turn.finish_reason,
        "prompt_tokens": turn.prompt_tokens,
        "completion_tokens": turn.completion_tokens,
        "queue_seconds": turn.queue_seconds,
        "generation_seconds": turn.generation_seconds,
        "recovered": turn.recovered,
    }


def _call(call: ToolCall) -> dict[str, Any]:
    return {"name": call.name, "arguments": plain(call.arguments)}


def _adapter(adapter: AdapterRecord) -> dict[str, Any]:
    return {
        "name": adapter.name,
        "path": adapter.path,
        "fingerprint": adapter.fingerprint,
        "trained_format": adapter.trained.value if adapter.trained else None,
        "attestation": attestation_to_json(adapter.attestation),
    }


def attestation_to_json(attestation: Attestation) -> dict[str, Any]:
    """Return a verdict as JSON values, as it stands in a report's `adapters`."""
    match attestation.applied:
        case Applied.YES:
            applied: bool | str = True
        case Applied.NO:
            applied = False
        case other:
            applied = other.value
    return {
        "applied": applied,
        "reason": attestation.reason,
        "shift": finite(attestation.shift),
        "noise": finite(attestation.noise),
    }


def _summary(summary: AdapterSummary) -> dict[str, Any]:
    tags: dict[str, dict[str, Any]] = {}
    for (category, tag), tally in summary.tags.items():
        tags.setdefault(category, {})[tag] = _tally(tally)
    return {
        "overall": _tally(summary.overall),
        "categories": {name: _tally(tally) for name, tally in summary.categories.items()},
        "tags": tags,
        "metrics": {
            "delivered_rate": finite(summary.delivered_rate),
            "strict_format_rate": finite(summary.strict_format_rate),
            "field_access_rate": {
                "static": finite(summary.field_access_rate.static),
                "typed": finite(summary.field_access_rate.typed),
                "executed": finite(summary.field_access_rate.executed),
            },
        },
        "repeats": [
            {
                "k": rates.k,
                "pass_at_k": rates.pass_at,
                "pass_hat_k": rates.pass_hat,
                "cases": rates.cases,
            }
            for rates in summary.repeats
        ],
        "confusion": {wanted: dict(row) for wanted, row in summary.confusion.items()},
    }


def _tally(tally: Tally) -> dict[str, Any]:
    bounds = tally.interval
    return {
        "score": finite(tally.score),
        "low": None if bounds is None else finite(bounds.low),
        "high": None if bounds is None else finite(bounds.high),
        "cases": tally.cases,
        "passed": tally.passed,
        "failed": tally.failed,
        "malformed": tally.malformed,
        "truncated": tally.truncated,
        "unavailable": tally.unavailable,
        "success_rate": finite(tally.success_rate),
        "tokens_per_second": finite(tally.tokens_per_second),
        "strict_format_rate": finite(tally.strict_format_rate),
        "lenient_format_rate": finite(tally.lenient_format_rate),
    }
