"""What an operation reads: a dataset directory or one `.jsonl` file, as named splits.

More is accepted here than for training: a directory without `train.jsonl` can be validated and
filtered, and one JSONL file of any name is a training split.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from punie_train.dataset.errors import DatasetError

SPLITS = ("train", "valid", "test")
MANIFEST = "manifest.json"
REMOVED = "removed.jsonl"
REPORT = "report.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The rows of one purpose: `train`, `valid` or `test`, and the file they stand in."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInput:
    """A dataset: its splits in their order, and the JSONL files beside them that are none."""

    path: Path
    splits: tuple[Split, ...]
    ignored: tuple[Path, ...] = ()

    @property
    def is_directory(self) -> bool:
        """Say whether it is a directory, where splits can be missing."""
        return self.path.is_dir()

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest, or {} if there is none; raises DatasetError if it is no object."""
        path = self.path / MANIFEST
        if not self.is_directory or not path.is_file():
            return {}
        try:
            value = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise DatasetError(
                f"{path} is no JSON object",
                "where the rows come from would be lost",
                "Repair or remove it.",
            )
        return value


def open_dataset(data: Path) -> DatasetInput:
    """Find the splits of a directory or file; raises DatasetError when there are none."""
    if data.is_file():
        return DatasetInput(path=data, splits=(Split(name="train", path=data),))
    if not data.is_dir():
        raise DatasetError(
            f"{data} is neither a directory nor a file"
            if data.exists()
            else f"{data} does not exist",
            "there are no rows to read",
            "Give a directory with train.jsonl, or one .jsonl file.",
        )
    splits = tuple(
        Split(name=name, path=path) for name in SPLITS if (path := existing_split(data, name))
    )
    known = {REMOVED, *(split.path.name for split in splits)}
    others = tuple(
        path for path in sorted(data.glob("*.jsonl")) if path.name not in known and path.is_file()
    )
    if splits:
        packed = tuple(path for path in sorted(data.glob("*.jsonl.*")) if path.is_file())
        return DatasetInput(path=data, splits=splits, ignored=(*others, *packed))
    if len(others) == 1:
        return DatasetInput(path=data, splits=(Split(name="train", path=others[0]),))
    raise DatasetError(
        f"{data} has no train.jsonl",
        "it is not clear which rows to read" if others else "there are no rows to read",
        f"Give one of {', '.join(path.name for path in others)}, or rename it."
        if others
        else "Give a directory with train.jsonl, or one .jsonl file.",
    )


def existing_split(data: Path, name: str) -> Path | None:
    """Return the file of a split, None where there is nothing of that name.

    Raises DatasetError for something else, such as a directory or a link that leads nowhere.
    """
    path = data / f"{name}.jsonl"
    if path.is_file():
        return path
    if not os.path.lexists(path):
        return None
    what = "a directory" if path.is_dir() else "no file"
    raise DatasetError(
        f"{path} is {'a link that leads to no file' if path.is_symlink() else what}",
        "its rows would be left out without a word",
        "Repair it, or remove it.",
    )
