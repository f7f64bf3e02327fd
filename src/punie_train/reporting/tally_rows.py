"""The tallies of one adapter in the order in which every view shows them."""

from collections.abc import Iterator

from punie_train.evals.report import AdapterSummary, Tally
from punie_train.evals.summary import OVERALL


def tally_rows(summary: AdapterSummary) -> Iterator[tuple[str, str, Tally]]:
    """Yield category, tag and tally: overall, then the categories, each before its tags.

    The tag is empty where the tally is of the whole category.
    """
    for category, tally in {OVERALL: summary.overall, **summary.categories}.items():
        yield category, "", tally
        for (tagged, tag), part in summary.tags.items():
            if tagged == category:
                yield category, tag, part
