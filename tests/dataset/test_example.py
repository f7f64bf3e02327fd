"""A row is one JSON object of a known shape."""

from pathlib import Path

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import ExampleFormat, read_example
from punie_train.dataset.lines import Line


def line(raw: bytes) -> Line:
    """Return a line at a fixed place."""
    return Line(path=Path("data/train.jsonl"), number=7, raw=raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b'{"messages": []}', ExampleFormat.MESSAGES, id="messages"),
        pytest.param(b'{"text": "a"}', ExampleFormat.TEXT, id="text"),
        pytest.param(
            b'{"prompt": "a", "completion": "b"}', ExampleFormat.COMPLETION, id="completion"
        ),
        pytest.param(
            b'{"messages": [], "prompt": "a", "completion": "b"}',
            ExampleFormat.COMPLETION,
            id="the order of mlx-lm",
        ),
        pytest.param(b'{"messages": [], "text": "a"}', ExampleFormat.MESSAGES, id="before text"),
    ],
)
def test_the_format_is_the_one_that_the_trainer_takes(raw: bytes, expected: ExampleFormat) -> None:
    """Rows with several keys are read as mlx-lm reads them."""
    assert read_example(line(raw)).format is expected


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        pytest.param(b'{"text": ', "data/train.jsonl:7: not JSON", id="cut off"),
        pytest.param(b'{"text": "\xff"}', "data/train.jsonl:7: not JSON", id="not UTF-8"),
        pytest.param(b"[1]", "a JSON list instead of an object", id="list"),
        pytest.param(b'{"prompt": "a"}', "keys prompt", id="half a pair"),
        pytest.param(b"{}", "keys missing", id="nothing"),
    ],
)
def test_an_unusable_row_is_named_with_its_place(raw: bytes, message: str) -> None:
    """Nothing is skipped silently."""
    with pytest.raises(DatasetError, match=message):
        read_example(line(raw))
