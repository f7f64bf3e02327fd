"""Which rows the last batches were, for a loss that is not a number. A part of the trainer."""

from collections import deque
from typing import Any

from mlx_lm.tuner.datasets import CacheDataset

from punie_train.mlx.trained_rows import TrainedRows


class WatchedRows(CacheDataset):
    """mlx-lm's dataset, which also remembers the indices of the rows of the last batches."""

    def __init__(self, rows: TrainedRows, *, batches: int) -> None:
        super().__init__(rows)
        self._batches: deque[list[int]] = deque([[]], maxlen=batches + 1)

    def __getitem__(self, idx: int) -> Any:
        """Return a row and remember that it was asked for."""
        self._batches[-1].append(int(idx))
        return super().__getitem__(idx)

    def next_batch(self) -> None:
        """Remember what follows as another batch."""
        self._batches.append([])

    def recent(self, *, before_last: bool) -> list[int]:
        """Return the rows of the last batches, with or without the one that was drawn last."""
        chosen = list(self._batches)[:-1] if before_last else list(self._batches)[1:]
        return [index for batch in chosen for index in batch]

    def forget(self) -> None:
        """Take what was asked for so far for no part of a batch."""
        self._batches[-1].clear()
