"""Data is checked and laid out for mlx-lm, and the user's files stay as they are."""

import json
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.errors import DatasetError
from punie_train.dataset.example import ExampleFormat
from punie_train.mlx.train_config import RunConfig
from punie_train.mlx.train_data import read_train_data, write_train_data

CHAT = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
LONG = {
    "messages": [
        {"role": "user", "content": "read a"},
        {"role": "assistant", "tool_calls": [{"name": "read_file", "arguments": {"path": "a"}}]},
        {"role": "tool", "content": "x = 1 \u2028"},
        {"role": "assistant", "content": "x is 1"},
    ],
    "tools": [{"name": "read_file"}],
}


def write(path: Path, *rows: dict[str, Any]) -> None:
    """Write rows as JSONL, with the spaces that json.dumps would not write."""
    text = "".join(json.dumps(row, separators=(" ,", " : ")) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def config(data: Path, **changes: Any) -> RunConfig:
    """Return a configuration with a batch of two."""
    values: dict[str, Any] = {"model": "m", "adapter_path": "a", "batch_size": 2, **changes}
    return RunConfig(data=str(data), **values)


def test_rows_are_given_to_the_trainer_byte_for_byte(tmp_path: Path) -> None:
    """Without masking nothing is changed, also not for rows with several turns."""
    write(tmp_path / "train.jsonl", CHAT, LONG)
    write(tmp_path / "valid.jsonl", LONG, CHAT)
    data = read_train_data(config(tmp_path))
    write_train_data(data, tmp_path / "work")
    for split in ("train.jsonl", "valid.jsonl"):
        assert (tmp_path / "work" / split).read_bytes() == (tmp_path / split).read_bytes()
    assert (data.format, data.expanded, data.notes) == (ExampleFormat.MESSAGES, False, ())


def test_masked_rows_become_one_row_per_assistant_turn(tmp_path: Path) -> None:
    """F36: call and answer are both learned; every row knows the line it came from."""
    write(tmp_path / "train.jsonl", CHAT, LONG, CHAT)
    before = (tmp_path / "train.jsonl").read_bytes()
    data = read_train_data(config(tmp_path, mask_prompt=True))
    write_train_data(data, tmp_path / "work")
    written = (tmp_path / "work/train.jsonl").read_bytes()
    rows = [json.loads(line) for line in written.removesuffix(b"\n").split(b"\n")]
    assert [len(row["messages"]) for row in rows] == [2, 2, 4, 2]
    assert rows[1] == {**LONG, "messages": LONG["messages"][:2]}
    lines = json.loads((tmp_path / "work/train.lines.json").read_text())
    assert [place.rsplit(":", 1)[1] for place in lines] == ["1", "2", "2", "3"]
    assert (tmp_path / "train.jsonl").read_bytes() == before
    assert any("3 rows became 4" in note for note in data.notes)


def test_a_last_message_of_the_user_is_not_what_is_learned(tmp_path: Path) -> None:
    """With masking, mlx-lm would train the user's words."""
    row = {"messages": [*CHAT["messages"], {"role": "user", "content": "bye"}]}
    write(tmp_path / "train.jsonl", row, row)
    data = read_train_data(config(tmp_path, mask_prompt=True))
    assert [example.value for example in data.train] == [CHAT, CHAT]


def test_missing_validation_is_said(tmp_path: Path) -> None:
    """The run goes on, with a warning of what is lost."""
    write(tmp_path / "train.jsonl", CHAT, CHAT)
    data = read_train_data(config(tmp_path))
    assert data.valid == ()
    assert any("no validation rows" in note for note in data.notes)


def test_rows_that_are_never_trained_are_named(tmp_path: Path) -> None:
    """F38: mlx-lm sorts by the number of keys and drops what does not fill a batch."""
    write(tmp_path / "train.jsonl", LONG, CHAT, CHAT)
    write(tmp_path / "valid.jsonl", CHAT, CHAT)
    assert any(
        "1 of 3 training rows" in note and "(train.jsonl:1)" in note
        for note in read_train_data(config(tmp_path)).notes
    )


@pytest.mark.parametrize(
    ("splits", "changes", "message"),
    [
        pytest.param({"train": []}, {}, "train.jsonl is empty", id="empty"),
        pytest.param({"train": [CHAT]}, {}, "1 row: .*--batch-size 1", id="less than a batch"),
        pytest.param(
            {"train": [CHAT] * 2, "valid": [CHAT]},
            {},
            "valid.jsonl has 1 row",
            id="validation is less than a batch",
        ),
        pytest.param(
            {"train": [{"text": "a"}] * 2}, {"mask_prompt": True}, "no prompt", id="masked text"
        ),
        pytest.param(
            {"train": [CHAT] * 2, "valid": [{"text": "a"}]}, {}, "F34", id="mixed formats"
        ),
    ],
)
def test_what_would_crash_the_trainer_is_refused(
    tmp_path: Path, splits: dict[str, list[dict[str, Any]]], changes: dict[str, Any], message: str
) -> None:
    """Before a model is loaded, in words."""
    for name, rows in splits.items():
        write(tmp_path / f"{name}.jsonl", *rows)
    with pytest.raises(DatasetError, match=message):
        read_train_data(config(tmp_path, **changes))
