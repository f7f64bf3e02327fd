"""Freeze the bar in a file, and refuse a run whose bar is another one."""

import json
from pathlib import Path

from punie_train.core.errors import ArtifactError, UsageError
from punie_train.core.json_files import write_json
from punie_train.evals.bar import Bar, UnreadableBarError, bar_from_json, moved

SHOWN = 10
"""So many differences are named; the rest is counted."""


class MovedBarError(UsageError):
    """The bar is not the one that was locked."""


def lock_bar(bar: Bar, path: Path) -> None:
    """Write the bar; raises UsageError when the file cannot be written."""
    try:
        write_json(path, bar.to_json())
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})",
            "the bar is not locked",
            "Name another file with --eval-lock.",
        ) from error


def verify_bar(bar: Bar, path: Path) -> None:
    """Raise MovedBarError with what moved, ArtifactError for a lock that cannot be read."""
    try:
        locked = bar_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, UnreadableBarError) as error:
        raise ArtifactError(
            f"{path} holds no locked bar ({error})",
            "nobody knows whether the bar was moved",
            "Lock it with --eval-lock, or restore the file.",
        ) from None
    if differences := moved(locked, bar):
        more = f" and {len(differences) - SHOWN:,} more" if differences[SHOWN:] else ""
        raise MovedBarError(
            f"the bar is not the one in {path}: {'; '.join(differences[:SHOWN])}{more}",
            "scores would be measured by another bar than was agreed on",
            "Restore it, run all that was locked, or agree on the new one and lock it with "
            "--eval-lock.",
            failure="F24",
        )
