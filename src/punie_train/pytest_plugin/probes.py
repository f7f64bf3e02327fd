"""Probes beside the scores: is the model deterministic, and what did its adapter forget?"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from punie_train.core.errors import UsageError
from punie_train.workflows.wanted import BASE, Wanted

if TYPE_CHECKING:
    from punie_train.evals.report import EvalReport

DETERMINISM, FORGETTING = "determinism", "forgetting"
GENERAL = Path("evals") / "general"
MAX_FORGOTTEN = 0.05
"""How much of the bare model's general score an adapter may lose."""

_FORGOT = "the adapter made it forget. Mix rows without tools into the data, or train less [F57]"

ASKED_AGAIN = 20
"""How many cases are asked a second time, one after another."""


def parse_probes(text: str | None, *, temperature: float) -> frozenset[str]:
    """Read `--eval-probe`; raise UsageError for an unknown probe, or one that says nothing."""
    asked = frozenset(part.strip() for part in (text or "").split(",") if part.strip())
    if unknown := sorted(asked - {DETERMINISM, FORGETTING}):
        raise UsageError(
            f"--eval-probe {', '.join(unknown)} is no probe",
            "nothing would be probed",
            f"Known probes: {DETERMINISM}, {FORGETTING}.",
        )
    if DETERMINISM in asked and temperature > 0:
        raise UsageError(
            f"--eval-probe determinism at temperature {temperature:g}",
            "replies differ there by intention",
            "Leave --eval-temperature out.",
        )
    return asked


def add_general(config: pytest.Config, probes: frozenset[str]) -> None:
    """Collect the general suite too where forgetting is probed; raise UsageError without one."""
    if FORGETTING not in probes:
        return
    general = config.rootpath / GENERAL
    if not general.is_dir():
        raise UsageError(
            f"--eval-probe forgetting and there is no {GENERAL}",
            "nothing shows what was forgotten",
            "Put cases there that the bare model answers rightly (docs/cases.md).",
        )
    start = config.invocation_params.dir
    if general not in [(start / arg.partition("::")[0]).resolve() for arg in config.args]:
        config.args.append(str(general))


def leaves_out(path: Path, config: pytest.Config, probes: frozenset[str]) -> bool:
    """Say whether a path is the general suite, which is run when it is probed or named."""
    if FORGETTING in probes or path != config.rootpath / GENERAL:
        return False
    start = config.invocation_params.dir
    named = [(start / arg.partition("::")[0]).resolve() for arg in config.args]
    return not any(one.is_relative_to(path) for one in named)


def with_base(wanted: tuple[Wanted, ...], probes: frozenset[str]) -> tuple[Wanted, ...]:
    """Return the groups with the bare model first where forgetting is measured against it."""
    if FORGETTING not in probes or any(each.name == BASE for each in wanted):
        return wanted
    return (Wanted(name=BASE, model=wanted[0].model if wanted else None), *wanted)


def is_general(path: Path, root: Path) -> bool:
    """Say whether a case file is of the general suite."""
    return path.is_relative_to(root / GENERAL)


def judge_forgetting(report: "EvalReport", *, strict: bool, max_unavailable: float) -> "EvalReport":
    """Return the report with the gate on what the candidate forgot, against the bare model."""
    from punie_train.evals.baseline_gate import BaselinePolicy
    from punie_train.workflows.conclude import against_baseline
    from punie_train.workflows.find_baseline import BaselineSource

    policy = BaselinePolicy(
        max_drop={"general": MAX_FORGOTTEN},
        strict=strict,
        max_unavailable=max_unavailable,
        title=FORGETTING,
    )
    judged = against_baseline(report, BaselineSource(adapter=BASE, label=BASE), policy)
    gates = [
        replace(gate, message=f"{gate.message}; {_FORGOT}") if gate.verdict == "regressed" else gate
        for gate in judged.gates
    ]
    return replace(judged, gates=(*gates[: len(report.gates)], *gates[len(report.gates) :]))
