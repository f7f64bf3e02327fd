"""Note every finished evaluation and training in the project's journal."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from punie_train.core.journal import (
    EVALUATION,
    JOURNAL_NAME,
    TRAINING,
    JournalEntry,
    append_entry,
)
from punie_train.evals.report import AdapterRecord, EvalReport, Tally
from punie_train.mlx.train_config import RunConfig
from punie_train.workflows.finish_run import TrainedAdapter


def journal_path(root: Path) -> Path:
    """Return where a project's journal is."""
    return root / "reports" / JOURNAL_NAME


def note_evaluation(report: EvalReport, written: Path, root: Path) -> JournalEntry:
    """Append an evaluation; raises OSError when the disk refuses."""
    facts: dict[str, Any] = {
        "run": report.run,
        "report": _within(written, root),
        "model": report.model.path,
        "suites": list(report.suites),
        "interrupted": report.interrupted,
        "adapters": [_adapter(report, adapter, root) for adapter in report.adapters],
        "gates": len(report.gates),
        "gates_failed": [gate.name for gate in report.gates if not gate.passed],
        "sampling": dict(report.sampling),
        "environment": dict(report.environment),
    }
    return append_entry(journal_path(root), EVALUATION, _now(), facts)


def note_training(
    trained: TrainedAdapter, config: RunConfig, seconds: float, root: Path
) -> JournalEntry:
    """Append a training; raises OSError when the disk refuses."""
    best = trained.curve.best_valid
    facts: dict[str, Any] = {
        "adapter": _within(trained.path, root),
        "model": config.model,
        "data": config.data,
        "complete": trained.complete,
        "parameters": {
            name: value
            for name, value in asdict(config).items()
            if name in ("iters", "batch_size", "learning_rate", "lora_rank", "lora_scale", "seed")
        },
        "train_loss": trained.curve.train[-1].loss,
        "valid_loss": best.loss if best else None,
        "kept_iteration": trained.kept_iteration,
        "bytes": trained.bytes,
        "seconds": round(seconds, 1),
    }
    return append_entry(journal_path(root), TRAINING, _now(), facts)


def _adapter(report: EvalReport, adapter: AdapterRecord, root: Path) -> dict[str, Any]:
    summary = report.summary[adapter.name]
    return {
        "name": adapter.name,
        "path": _within(Path(adapter.path), root) if adapter.path else None,
        "fingerprint": adapter.fingerprint,
        "applied": adapter.attestation.applied,
        "overall": _tally(summary.overall),
        "categories": {name: _tally(tally) for name, tally in summary.categories.items()},
        "delivered_rate": summary.delivered_rate,
        "tokens_per_second": summary.overall.tokens_per_second,
    }


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "cases": tally.cases,
        "score": tally.score,
        "low": tally.interval.low if tally.interval else None,
        "high": tally.interval.high if tally.interval else None,
        "unavailable": tally.unavailable,
    }


def _within(path: Path, root: Path) -> str:
    try:
        return str(path.resolve().relative_to(root.resolve()))
    except ValueError:
        return str(path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
