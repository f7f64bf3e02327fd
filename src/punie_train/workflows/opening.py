"""Open a candidate behind a server of ours, or a server that somebody else runs."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import STARTER
from punie_train.mlx.server_config import ServerConfig
from punie_train.processes.sweep import sweep
from punie_train.workflows.candidates import Candidate, resolve
from punie_train.workflows.evaluate import Model
from punie_train.workflows.wanted import Wanted


def resolve_candidates(wanted: Sequence[Wanted], settings: Settings) -> tuple[Candidate, ...]:
    """Resolve all candidates; the model of last resort is the starter.

    Raises UsageError for a server setting that the server does not have.
    """
    known = [each.name for each in fields(ServerConfig) if each.name not in {"model", "adapter"}]
    for key in settings.server:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"[tool.punie-train.server] has the unknown key '{key}'",
                "it would do nothing",
                f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(known)}",
            )
    return resolve(wanted, settings.located(settings.model, STARTER))


def end_orphans() -> str | None:
    """End the servers that a killed run has left behind, and say how many there were (F07)."""
    if not (ended := sweep()):
        return None
    servers = "1 model server was" if len(ended) == 1 else f"{len(ended)} model servers were"
    return f"{servers} left running by a run that is gone: ended now. [F07]"


def open_model(
    candidate: Candidate | None,
    *,
    server_url: str | None,
    model_name: str | None,
    server_options: Mapping[str, Any],
    log_path: Path,
    timeout: float,
    concurrency: int,
) -> Model:
    """Return the model, not started yet; without a candidate it is behind `server_url`.

    `timeout` is the deadline of one case in seconds. What speaks HTTP is imported here: a run whose
    replies are all known never needs it.
    """
    if candidate is None:
        from punie_train.workflows.external_model import ExternalModel

        return ExternalModel(
            server_url or "", model=model_name, timeout=timeout, concurrency=concurrency
        )
    from punie_train.workflows.live_model import LiveModel

    return LiveModel(
        candidate,
        server_options=server_options,
        log_path=log_path,
        timeout=timeout,
        concurrency=concurrency,
    )
