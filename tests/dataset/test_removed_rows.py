"""Removed rows can be brought back, byte for byte."""

import base64
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from punie_train.dataset.inputs import Split
from punie_train.dataset.removed_rows import removed_line, unreadable_line
from punie_train.dataset.rows import Row

TRAIN = Split(name="train", path=Path("train.jsonl"))


def test_a_removed_row_stands_in_the_line_as_it_was() -> None:
    """Spaces, digits and escapes of the example are its own."""
    raw = b'{"text":  "\\u00e9", "n": 123456789012345678901.0}'
    line = removed_line(Row(raw, TRAIN, 3, None), name="valid", reason='a "quote"')
    assert raw in line
    assert json.loads(line) == {
        "split": "train",
        "line": 3,
        "filter": "valid",
        "reason": 'a "quote"',
        "example": json.loads(raw),
    }


@given(st.binary(max_size=40))
def test_an_unreadable_line_can_be_brought_back(raw: bytes) -> None:
    """As text, or from base64 where it is none."""
    line = unreadable_line(Row(raw, TRAIN, 1, None), name="readable", reason="x")
    value = json.loads(line)
    assert line.isascii()
    back = base64.b64decode(value["base64"]) if "base64" in value else value["raw"].encode()
    assert back == raw
