"""Builders of cases, replies and results."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.agent_tools import AGENT_TOOLS
from punie_train.core.attestations import Applied, Attestation
from punie_train.core.completions import Completion
from punie_train.core.messages import Message, ToolCall
from punie_train.core.outcomes import Outcome
from punie_train.evals.case import Case, Expectation
from punie_train.evals.report import AdapterRecord, EvalReport, ModelRecord
from punie_train.evals.result import CaseResult
from punie_train.evals.summary import summarize
from punie_train.toolcalls.parsed import WireFormat


@pytest.fixture
def make_case() -> Callable[..., Case]:
    """Build a case from a prompt and the parts of its expectation."""

    def make(prompt: str = "Read a.py", *, category: str = "tool_calling", **expect: Any) -> Case:
        return Case(
            id="a-case",
            suite="suite",
            category=category,
            messages=(Message(role="user", content=prompt),),
            tools=AGENT_TOOLS,
            expect=Expectation(**expect),
            path=Path("cases.yaml"),
            line=1,
            content_hash="0" * 64,
        )

    return make


@pytest.fixture
def make_turn() -> Callable[..., Completion]:
    """Build one reply; `delivered` are (name, arguments) pairs."""

    def make(
        text: str,
        *,
        delivered: tuple[tuple[str, dict[str, Any]], ...] = (),
        finish_reason: str = "stop",
        recovered: bool = True,
    ) -> Completion:
        return Completion(
            text=text,
            content=None,
            delivered=tuple(ToolCall(name=name, arguments=args) for name, args in delivered),
            finish_reason=finish_reason,
            prompt_tokens=10,
            completion_tokens=4,
            queue_seconds=0.25,
            generation_seconds=0.5,
            recovered=recovered,
        )

    return make


@pytest.fixture
def make_result() -> Callable[..., CaseResult]:
    """Build a result; score and outcome agree unless both are given."""

    def make(case: str = "c1", outcome: str = "passed", **changes: Any) -> CaseResult:
        kind = Outcome(outcome)
        score = {Outcome.PASSED: 1.0, Outcome.UNAVAILABLE: None}.get(kind, 0.0)
        fields: dict[str, Any] = {
            "case": case,
            "suite": "suite",
            "category": "tool_calling",
            "tags": (),
            "content_hash": "h",
            "prompt": "p",
            "adapter": "v1",
            "repeat": 1,
            "outcome": kind,
            "score": score,
            "scores": (),
            "reason": "",
            "reply": "",
            "calls": (),
            "malformed": (),
            "format": WireFormat.NONE,
            "strict": None,
            "delivered": None,
            "finish_reason": "stop",
            "turns": 1,
            "prompt_tokens": 1,
            "completion_tokens": 10,
            "queue_seconds": 0.0,
            "generation_seconds": 0.1,
        }
        return CaseResult(**(fields | changes))

    return make


@pytest.fixture
def make_report() -> Callable[..., EvalReport]:
    """Build a report of results; `applied` is the attestation of all its adapters."""

    def make(results: Sequence[CaseResult], applied: str = "true", **changes: Any) -> EvalReport:
        names = list(dict.fromkeys(result.adapter for result in results))
        fields: dict[str, Any] = {
            "run": "r",
            "model": ModelRecord(path="m", fingerprint=None, template_hash=None),
            "adapters": tuple(
                AdapterRecord(
                    name=name,
                    path=None,
                    fingerprint=None,
                    attestation=Attestation(applied=Applied(applied), reason="canaries are equal"),
                )
                for name in names
            ),
            "suites": ("suite",),
            "sampling": {},
            "environment": {},
            "results": tuple(results),
            "summary": summarize(results, seconds_by_adapter={}),
        }
        return EvalReport(**(fields | changes))

    return make
