"""docs/failures.md, made from the catalogue: python -m punie_train.reporting.failures_page."""

import sys
from collections.abc import Iterator, Mapping

from punie_train.core.failure_catalogue import FAMILIES
from punie_train.core.failure_catalogue.failure import Failure

_HEAD = """# Failures that are caught by name

Each of these gave somebody a clean number that was wrong. A message that ends with an id such as
`[F09]` has caught one of them; this page says what it is. `tests/failures/` replays every one, with
a healthy run beside it that raises nothing.

In the last column `...` stands for what differs from run to run.
"""
_TITLES: Mapping[str, str] = {
    "serving": "Serving: between the weights and the reply",
    "scoring": "Scoring: between the reply and the score",
    "data": "Training data",
    "training_and_fusing": "Training, fusing, quantizing",
    "reading": "Reading: between the score and its reader",
}
_COLUMNS = "| id | seen | what it was | caught by | what is said |\n|---|---|---|---|---|"


def failures_page() -> str:
    """Return the page in Markdown: a table for each family."""
    return "\n".join((_HEAD, *(_family(name) for name in FAMILIES)))


def _family(name: str) -> str:
    rows = "\n".join(_rows(FAMILIES[name]))
    return f"## {_TITLES[name]}\n\n{_COLUMNS}\n{rows}\n"


def _rows(failures: Mapping[str, Failure]) -> Iterator[str]:
    for name, one in failures.items():
        said = one.message.replace("`", "'").replace("|", "\\|")
        yield f"| {name} | {one.symptom} | {one.cause} | {one.caught_by} | `{said}` |"


if __name__ == "__main__":
    sys.stdout.write(failures_page())
