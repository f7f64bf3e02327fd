"""The data that an adapter was trained on, where it still is, and what its rows teach."""

from collections.abc import Iterator
from pathlib import Path

from punie_train.core.settings import Settings
from punie_train.dataset.example import read_example
from punie_train.dataset.lines import read_lines
from punie_train.dataset.splits import find_splits
from punie_train.dataset.structure import check_structure
from punie_train.dataset.taught_turns import TaughtTurn, taught_turn
from punie_train.mlx.adapter_manifest import AdapterManifest


def own_data(manifest: AdapterManifest | None, settings: Settings) -> Path | None:
    """Return the data that a manifest names, as seen from the project; None where it is gone."""
    if manifest is None or not manifest.data:
        return None
    path = settings.root / manifest.data
    return path if path.exists() else None


def taught_turns(data: Path) -> Iterator[TaughtTurn]:
    """Yield what the rows of the training split teach, one after another.

    Raises DatasetError with file and line at the first row that is none.
    """
    for line in read_lines(find_splits(data).train):
        example = read_example(line)
        check_structure(example)
        if turn := taught_turn(example):
            yield turn
