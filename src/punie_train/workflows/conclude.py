"""Conclude a session: everything measured becomes one report, judged and written."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from punie_train.core.attestations import Applied, Attestation
from punie_train.core.sampling import Sampling
from punie_train.core.whole_files import write_text
from punie_train.evals.baseline_gate import INVALID, BaselinePolicy, baseline_gates
from punie_train.evals.gates import GatePolicy, candidate_of, judge
from punie_train.evals.report import AdapterRecord, EvalReport, GateResult, ModelRecord
from punie_train.evals.result import CaseResult
from punie_train.evals.summary import pair, summarize
from punie_train.reporting.json_report import dumps
from punie_train.reporting.transcript_page import transcript_page
from punie_train.workflows.candidates import Candidate
from punie_train.workflows.evaluate import GroupEnd
from punie_train.workflows.find_baseline import BaselineSource

_UNFINISHED = Attestation(
    applied=Applied.UNVERIFIED, reason="the run ended before the last attestation"
)
_PACKAGES = ("punie-train", "mlx-lm", "mlx", "pytest", "httpx", "tokenizers")


def conclude(
    *,
    run: str,
    names: Sequence[str],
    candidates: Sequence[Candidate],
    server_url: str | None,
    sampling: Sampling,
    results: Sequence[CaseResult],
    ends: Mapping[str, GroupEnd],
    interrupted: bool,
    policy: GatePolicy,
    cached: Mapping[str, int] | None = None,
    resumed: Mapping[str, int] | None = None,
) -> EvalReport:
    """Return the judged report.

    `cached` and `resumed` count results by adapter. Where there are any, no tokens per second are
    told: the time is that of the other replies only.
    """
    kept = {**(cached or {}), **(resumed or {})}
    seconds = {
        name: end.seconds for name, end in ends.items() if not interrupted and name not in kept
    }
    reached = [name for name in names if any(each.adapter == name for each in results)]
    report = EvalReport(
        run=run,
        model=_model(candidates, server_url),
        adapters=tuple(_record(name, candidates, ends) for name in reached),
        suites=tuple(dict.fromkeys(each.suite for each in results)),
        sampling=sampling.to_request(),
        environment=environment(),
        results=tuple(results),
        summary=summarize(results, seconds_by_adapter=seconds),
        pairings=tuple(
            pairing for name in reached[1:] for pairing in pair(results, reached[0], name)
        ),
        interrupted=interrupted,
        determinism={
            name: end.determinism for name, end in ends.items() if end.determinism is not None
        },
        concurrency={
            name: end.concurrency for name, end in ends.items() if end.concurrency is not None
        },
        cached=dict(cached or {}),
        resumed=dict(resumed or {}),
    )
    return replace(report, gates=judge(report, policy))


def against_baseline(
    report: EvalReport, source: BaselineSource, policy: BaselinePolicy
) -> EvalReport:
    """Return the report with the verdict on its candidate against a baseline among its gates."""
    candidate = candidate_of(report)
    baseline = source.within(report)
    if baseline is None:
        gate = GateResult(
            name=policy.title,
            adapter=candidate,
            passed=False,
            message=f"INVALID against {source.label}: it was not measured in this run",
            verdict=INVALID,
        )
        return replace(report, gates=(*report.gates, gate))
    return replace(
        report, gates=(*report.gates, *baseline_gates(report, candidate, baseline, policy))
    )


def write_report(report: EvalReport, path: Path) -> Path:
    """Write the JSON and the transcript page beside it; return the page's path."""
    page = path.with_suffix(".transcript.html")
    write_text(path, dumps(report))
    write_text(page, transcript_page(report))
    return page


def environment() -> dict[str, str]:
    """Return versions and facts of the machine, without its name."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count() or 0),
        **{name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _model(candidates: Sequence[Candidate], server_url: str | None) -> ModelRecord:
    if not candidates:
        return ModelRecord(path=server_url or "", fingerprint=None, template_hash=None)
    first = candidates[0]
    return ModelRecord(
        path=first.model_name, fingerprint=first.base_fingerprint, template_hash=first.template
    )


def _record(
    name: str, candidates: Sequence[Candidate], ends: Mapping[str, GroupEnd]
) -> AdapterRecord:
    found = next((each for each in candidates if each.name == name), None)
    return AdapterRecord(
        name=name,
        path=str(found.adapter) if found and found.adapter else None,
        fingerprint=found.adapter_fingerprint if found else None,
        attestation=ends[name].attestation if name in ends else _UNFINISHED,
        trained=found.trained if found else None,
    )
