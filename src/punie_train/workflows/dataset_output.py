"""A dataset directory that is written whole or not at all."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from punie_train.core.json_files import write_json
from punie_train.dataset.inputs import MANIFEST, REPORT
from punie_train.dataset.row_files import not_written
from punie_train.workflows.output_directory import LOCK_NAME, OutputDirectory, OutputKind

_OTHERS = {MANIFEST, REPORT, LOCK_NAME}


def _is_dataset(path: Path) -> bool:
    entries = list(path.iterdir())
    rows = [entry for entry in entries if entry.suffix == ".jsonl"]
    others = {entry.name for entry in entries} - {entry.name for entry in rows}
    return bool(rows) and others <= _OTHERS and all(entry.is_file() for entry in entries)


def write_facts(path: Path, value: Any) -> None:
    """Write a report or manifest of a dataset in the making; raises DatasetError."""
    try:
        write_json(path, value)
    except OSError as error:
        raise not_written(path, error) from error


DATASET = OutputKind(noun="dataset", article="a", replaceable=_is_dataset)


@contextmanager
def dataset_output(path: Path, *, force: bool) -> Generator[Path]:
    """Give a directory to write a dataset into; it becomes `path` when the block ends well.

    What stands at `path` is untouched until then, and replaced in one step. `force` lets a dataset
    be replaced, never anything else. Raises UsageError when `path` is taken, and
    DatasetError when the disk refuses.
    """
    output = OutputDirectory(path, force=force, kind=DATASET)
    try:
        yield output.work
        try:
            output.publish()
        except OSError as error:
            raise not_written(path, error) from error
    finally:
        output.discard()
