"""Rows of too few messages go, with their number as the reason."""

from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.dataset.inputs import Split
from punie_train.dataset.message_filter import MinMessages
from punie_train.dataset.operations import KEPT, Removed
from punie_train.dataset.rows import Row, row_of


def text_row(messages: int) -> Row:
    """Return a ChatML row of so many messages."""
    raw = b'{"text": "' + b"<|im_start|>user\\nx<|im_end|>" * messages + b'"}'
    return row_of(raw, Split(name="train", path=Path("x")), 1)


def test_the_bound_itself_is_enough() -> None:
    """Two of two is kept, one of two is not."""
    assert MinMessages(2).judge(text_row(2)) is KEPT
    assert MinMessages(2).judge(text_row(1)) == Removed("1 message, fewer than 2")


def test_a_bound_that_removes_nothing_is_refused() -> None:
    """It cannot be what was meant."""
    assert MinMessages(1).settings == {"min_messages": 1}
    with pytest.raises(UsageError, match="below 1"):
        MinMessages(0)
