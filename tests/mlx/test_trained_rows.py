"""A row of which nothing would be trained is refused with its place."""

import json
from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.mlx.trained_rows import NAMED, TrainedRows, blamed


class Rows:
    """Rows as pairs of their number of tokens and of prompt tokens; counts what it is asked."""

    def __init__(self, *rows: tuple[int, int]) -> None:
        self.rows, self.processed = rows, 0

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, idx: int) -> tuple[int, int]:
        return self.rows[idx]

    def process(self, d: tuple[int, int]) -> tuple[list[int], int]:
        """Return that many tokens."""
        self.processed += 1
        return list(range(d[0])), d[1]


def wrap(directory: Path, rows: Rows, limit: int) -> TrainedRows:
    """Return the rows as if each came from a line of its own."""
    lines = directory / "lines.json"
    lines.write_text(json.dumps([f"train.jsonl:{at}" for at in range(1, len(rows) + 1)]))
    return TrainedRows(rows, lines, max_seq_length=limit)


def test_usable_rows_pass_and_are_tokenized_once(tmp_path: Path) -> None:
    """The check costs nothing that the trainer would not have spent."""
    source = Rows((10, 4), (12, 9), (2, 0))
    rows = wrap(tmp_path, source, 10)
    rows.check_all()
    assert [len(rows.process(rows[index])[0]) for index in range(len(rows))] == [10, 12, 2]
    assert source.processed == 3


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((20, 10), id="prompt fills the limit"),
        pytest.param((5, 5), id="nothing after the prompt"),
        pytest.param((1, 0), id="one token"),
    ],
)
def test_a_row_that_trains_nothing_is_named(tmp_path: Path, row: tuple[int, int]) -> None:
    """F37: it would make the loss not a number."""
    with pytest.raises(DatasetError, match=r"train.jsonl:2: .*F37"):
        wrap(tmp_path, Rows((10, 4), row), 10).check_all()


@pytest.mark.parametrize(
    ("count", "end"),
    [
        pytest.param(1, "row 0", id="one"),
        pytest.param(NAMED, f"row {NAMED - 1}", id="all"),
        pytest.param(NAMED + 3, f"row {NAMED - 1} and 3 more", id="many"),
    ],
)
def test_a_message_names_some_rows(count: int, end: str) -> None:
    """However many batches there were since the last report, each row once."""
    places = [f"row {number}" for number in range(count)]
    assert blamed([*places, *places], None).endswith(end)
