"""What is wrong with training data, and where."""

from pathlib import Path

from punie_train.core.errors import ArtifactError


class DatasetError(ArtifactError):
    """A dataset cannot be used as it is; the message names file and line where there is one."""


def row_error(
    path: Path, line: int, fact: str, consequence: str, remedy: str, *, failure: str | None = None
) -> DatasetError:
    """Return the error of one row; `line` counts from 1."""
    return DatasetError(f"{path}:{line}: {fact}", consequence, remedy, failure=failure)
