"""Is there anything to score with? Asked before hours are spent on what is to be scored."""

import fnmatch
import tomllib
from collections.abc import Iterable
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


def load_suites(
    place: Path, *, root: Path | None = None, free_form: bool = False
) -> tuple[Suite, ...]:
    """Return the suites of a case file or of all below a directory.

    Directories that the pyproject.toml of `root` keeps pytest from entering are left out, unless
    `place` is one. With `free_form` a test file will do as well. Raises UsageError where there is
    none, and CaseFileError for one that cannot be read.
    """
    if not place.exists():
        raise UsageError(
            f"the suite {place} does not exist", "nothing could be scored", "Give --suite cases."
        )
    skipped = _not_entered(root) if root else ()
    files = [path for path in case_files([place]) if not _is_below(path, place, skipped)]
    suites = tuple(load_suite(path) for path in files)
    check_unique_ids(suites)
    tests = free_form and (place.suffix == ".py" or any(any(place.rglob(name)) for name in TESTS))
    if not suites and not tests:
        raise UsageError(
            f"there is no case file in {place}",
            "nothing could be scored",
            "Give --suite a YAML file with the key `suite`, or a directory of them.",
        )
    return suites


def _not_entered(root: Path) -> tuple[str, ...]:
    """Return the `norecursedirs` of a project."""
    try:
        table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        found = table["tool"]["pytest"]["ini_options"]["norecursedirs"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(found.split()) if isinstance(found, str) else tuple(map(str, found))


def _is_below(path: Path, place: Path, patterns: Iterable[str]) -> bool:
    folders = path.relative_to(place).parts[:-1] if place.is_dir() else ()
    return any(fnmatch.fnmatch(folder, pattern) for folder in folders for pattern in patterns)
