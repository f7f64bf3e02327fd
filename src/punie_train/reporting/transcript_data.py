"""The cases of a report as the transcript page shows them: every number already text."""

import json
from collections.abc import Mapping
from typing import Any

from punie_train.core.messages import ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.report import EvalReport
from punie_train.evals.result import CaseResult
from punie_train.reporting import numbers
from punie_train.reporting.json_fields import plain

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def embedded_json(value: Any) -> str:
    """Return ASCII JSON that no HTML parser can leave: `<`, `>` and `&` are escaped as well."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    for char, escape in _UNSAFE.items():
        text = text.replace(char, escape)
    return text


def transcript_data(report: EvalReport) -> dict[str, Any]:
    """Return adapters, outcomes and cases, each case with its result by index of the adapter."""
    names = list(dict.fromkeys([entry.name for entry in report.adapters]))
    names += dict.fromkeys(
        result.adapter for result in report.results if result.adapter not in names
    )
    index = {name: number for number, name in enumerate(names)}
    repeated = any(result.repeat > 1 for result in report.results)
    cases: dict[tuple[str, str, int], dict[str, Any]] = {}
    for result in report.results:
        key = (result.suite, result.case, result.repeat)
        entry = cases.setdefault(key, _case(result, repeated=repeated))
        entry["results"][index[result.adapter]] = _result(result)
    return {
        "adapters": names,
        "outcomes": [outcome.value for outcome in Outcome],
        "cases": list(cases.values()),
    }


def _case(result: CaseResult, *, repeated: bool) -> dict[str, Any]:
    return {
        "id": result.case,
        "label": f"{result.case}, repeat {result.repeat}" if repeated else result.case,
        "suite": result.suite,
        "category": result.category,
        "tags": list(result.tags),
        "prompt": result.prompt,
        "results": {},
    }


def _result(result: CaseResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome.value,
        "score": numbers.score(result.score),
        "reason": result.reason,
        "scores": [[part.name, numbers.score(part.value), part.reason] for part in result.scores],
        "reply": result.reply,
        "calls": [call_texts(call) for call in result.calls],
        "malformed": list(result.malformed),
        "facts": [list(fact) for fact in facts(result)],
    }


def call_texts(call: ToolCall) -> list[Any]:
    """Return the name and, by parameter, the value as text: strings as they are, others JSON."""
    return [call.name, [[key, argument_text(value)] for key, value in call.arguments.items()]]


def argument_text(value: Any) -> str:
    """Return a string argument as it is and any other value as JSON."""
    if isinstance(value, str):
        return value
    indent = 1 if isinstance(value, Mapping | list | tuple) else None
    return json.dumps(plain(value), ensure_ascii=False, indent=indent)


def facts(result: CaseResult) -> tuple[tuple[str, str], ...]:
    """Return what was measured of one reply, as pairs of label and text."""
    tokens = numbers.plural(result.completion_tokens, "token")
    return (
        ("reply", f"{tokens} in {numbers.seconds(result.generation_seconds)}"),
        ("prompt", numbers.plural(result.prompt_tokens, "token")),
        ("waited", numbers.seconds(result.queue_seconds)),
        ("turns", numbers.count(result.turns)),
        ("finish reason", result.finish_reason or numbers.NOT_AVAILABLE),
        ("format", result.format.value + _strictness(result.strict)),
        ("calls delivered by the server", _yes_no(result.delivered)),
    )


def _strictness(strict: bool | None) -> str:
    return "" if strict is None else ", strict" if strict else ", not strict"


def _yes_no(value: bool | None) -> str:
    return numbers.NOT_AVAILABLE if value is None else "yes" if value else "no"
