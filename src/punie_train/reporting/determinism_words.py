"""What the determinism probe found, in a sentence."""

from punie_train.evals.report import EvalReport
from punie_train.reporting import numbers

SHOWN = 3


def determinism_note(report: EvalReport, adapter: str) -> str | None:
    """Return how many replies differ when asked alone, None where that was not probed.

    The names of cases in it are not yet escaped.
    """
    probe = report.determinism.get(adapter)
    if probe is None:
        return None
    asked = numbers.plural(probe.asked, "case")
    if not probe.differing:
        return f"{asked} asked again, one after another: the same replies as in the batch"
    share = numbers.percent(len(probe.differing) / probe.asked)
    shown = ", ".join(probe.differing[:SHOWN]) + (" ..." if probe.differing[SHOWN:] else "")
    return (
        f"{numbers.count(len(probe.differing))} of {asked} ({share}) answer otherwise when asked "
        f"alone than in the batch: {shown}"
    )
