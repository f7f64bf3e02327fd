"""Which rows were trained when a loss turns out to be no number."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.mlx.trained_rows import TrainedRows
from punie_train.mlx.watched_rows import WatchedRows


class Rows:
    """Six rows of three tokens."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return 6

    def __getitem__(self, idx: int) -> Any:
        """Return a row."""
        return {"text": str(idx)}

    def process(self, d: Any) -> tuple[list[int], int]:
        """Return tokens."""
        return [1, 2, 3], 0


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Return the file that says where rows come from."""
    path = tmp_path / "train.lines.json"
    path.write_text(json.dumps([f"train.jsonl:{number}" for number in range(1, 7)]))
    return path


@pytest.mark.parametrize(
    ("batches", "trained", "before"),
    [
        pytest.param(1, [4, 5], [2, 3], id="a report for every batch"),
        pytest.param(2, [2, 3, 4, 5], [0, 1, 2, 3], id="for two"),
        pytest.param(9, [0, 1, 2, 3, 4, 5], [0, 1, 2, 3], id="not reported yet"),
    ],
)
def test_rows_since_the_last_report(
    lines: Path, batches: int, trained: list[int], before: list[int]
) -> None:
    """A validation comes when the next batch is drawn already; reading ahead does not count."""
    rows = WatchedRows(TrainedRows(Rows(), lines, max_seq_length=10), batches=batches)
    assert len(rows[5][0]) == 3
    rows.forget()
    for batch in ((0, 1), (2, 3), (4, 5)):
        rows.next_batch()
        for index in batch:
            assert len(rows[index][0]) == 3
    assert rows.recent(before_last=False) == trained
    assert rows.recent(before_last=True) == before
