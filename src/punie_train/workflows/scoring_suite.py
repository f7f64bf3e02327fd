"""Is there anything to score with? Asked before hours are spent on what is to be scored."""

from pathlib import Path

from punie_train.core.errors import UsageError
from punie_train.core.settings import Settings
from punie_train.evals.case import Suite
from punie_train.evals.case_discovery import case_files
from punie_train.evals.case_files import check_unique_ids, load_suite

TESTS = ("test_*.py", "*_test.py")


def check_suite(place: Path, settings: Settings) -> None:
    """Raise PunieTrainError where pytest would find no case at `place`, or one it cannot read."""
    if not settings.active:
        raise UsageError(
            "no pyproject.toml with [tool.punie-train] is here or above",
            "pytest would collect no case",
            "Run it in your project, or make one with `punie-train init`.",
        )
    load_suites(place, free_form=True)


def load_suites(place: Path, *, free_form: bool = False) -> tuple[Suite, ...]:
    """Return the suites of a case file or of all below a directory.

    With `free_form` a test file will do as well. Raises UsageError where there is none, and
    CaseFileError for one that cannot be read.
    """
    if not place.exists():
        raise UsageError(
            f"the suite {place} does not exist", "nothing could be scored", "Give --suite cases."
        )
    suites = tuple(load_suite(path) for path in case_files([place]))
    check_unique_ids(suites)
    tests = free_form and (place.suffix == ".py" or any(map(any, map(place.rglob, TESTS))))
    if not suites and not tests:
        raise UsageError(
            f"there is no case file in {place}",
            "nothing could be scored",
            "Give --suite a YAML file that begins with `suite:`, or a directory of them.",
        )
    return suites
