"""What every view says below the numbers of an adapter."""

from punie_train.evals.noticed import noticed
from punie_train.evals.report import EvalReport
from punie_train.reporting.all_passed import all_passed_note
from punie_train.reporting.determinism_words import determinism_note
from punie_train.reporting.kept_words import kept_note
from punie_train.reporting.repeats import repeats_note


def concurrency_note(report: EvalReport, adapter: str) -> str | None:
    """Return how many requests in flight were found to be best, None where that was given."""
    found = report.concurrency.get(adapter)
    return None if found is None else f"{found} requests in flight gave the most tokens a second"


_NOTES = (kept_note, repeats_note, determinism_note, concurrency_note, all_passed_note)


def adapter_notes(report: EvalReport, adapter: str) -> list[str]:
    """Return the sentences that apply; text of others in them is not yet escaped."""
    own = [result for result in report.results if result.adapter == adapter]
    return [said for note in _NOTES if (said := note(report, adapter))] + noticed(own)
