"""A gate in one sentence; text of others in it is not yet escaped."""

from punie_train.evals.report import GateResult


def gate_words(gate: GateResult) -> str:
    """Return adapter, name and message; a gate over the whole run has no adapter."""
    return f"{', '.join(filter(None, (gate.adapter, gate.name)))}: {gate.message}"
