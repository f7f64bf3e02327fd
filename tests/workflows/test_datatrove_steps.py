"""The pipeline of datatrove writes the same files as the command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from punie_train.dataset.converted_rows import ConvertedRows, RowFormat
from punie_train.dataset.errors import DatasetError
from punie_train.dataset.inputs import open_dataset
from punie_train.dataset.message_filter import MinMessages
from punie_train.dataset.row_shards import read_shard
from punie_train.dataset.rows import read_rows
from punie_train.workflows.run_operation import run_operation

OPERATIONS = (MinMessages(2), ConvertedRows(RowFormat.FORMAT_A))
SCRIPT = """
import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor

from punie_train.dataset.converted_rows import ConvertedRows, RowFormat
from punie_train.dataset.message_filter import MinMessages
from punie_train.workflows.collected_parts import collect_parts
from punie_train.workflows.datatrove_steps import datatrove_pipeline


def main():
    data, parts, output, logs = map(Path, sys.argv[1:])
    operations = [MinMessages(2), ConvertedRows(RowFormat.FORMAT_A)]
    steps = datatrove_pipeline(data, parts, operations)
    LocalPipelineExecutor(steps, tasks=3, workers=2, logging_dir=str(logs)).run()
    collect_parts("filter", data, parts, output, operations)


if __name__ == "__main__":
    main()
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return rows that stay, change, go and cannot be read, in two splits of odd ends."""
    path = tmp_path / "data"
    path.mkdir()
    fenced = '```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```'
    answers = ["Yes.", fenced, "<tool_call>broken</tool_call>", "No.\u2028"]
    lines = [
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": f"Question {number}" * (number % 7)},
                    {"role": "assistant", "content": answers[number % 4]},
                ][number % 5 == 0 :]
            },
            ensure_ascii=False,
        ).encode()
        for number in range(80)
    ]
    lines[10:10] = [b"", b"\xff", b"{"]
    (path / "train.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    (path / "valid.jsonl").write_bytes(b"\n".join(reversed(lines)) + b"\n")
    (path / "manifest.json").write_text('{"made": "by a test"}')
    return path


@pytest.mark.parametrize("shards", [1, 2, 7, 500])
def test_shards_are_the_rows_once_and_in_order(data: Path, shards: int) -> None:
    """Bytes and line numbers are those of the whole file, however it is cut."""
    source = open_dataset(data)
    whole = [(row.split.name, row.line, row.raw) for row in read_rows(source)]
    for name in ("train", "valid"):
        cut = [
            (row.split.name, row.line, row.raw)
            for rank in range(shards)
            for row in read_shard(source, rank, shards)
            if row.split.name == name
        ]
        assert cut == [one for one in whole if one[0] == name]


def test_the_pipeline_writes_what_the_command_writes(data: Path, tmp_path: Path) -> None:
    """Byte for byte, report and manifest too, with several tasks and workers of datatrove."""
    pytest.importorskip("datatrove", reason="the extra `bigger` is not installed")
    script = tmp_path / "pipeline.py"
    script.write_text(SCRIPT)
    paths = [str(path) for path in (data, tmp_path / "parts", tmp_path / "out", tmp_path / "logs")]
    run = subprocess.run(
        [sys.executable, str(script), *paths], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    report = run_operation("filter", data, tmp_path / "command", OPERATIONS)
    assert 0 < report.changed < report.kept < report.read
    files = {path.name: path.read_bytes() for path in (tmp_path / "command").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == files


def test_a_missing_part_is_an_error(data: Path, tmp_path: Path) -> None:
    """Nothing is lost in silence; with all parts the same call writes the dataset."""
    pytest.importorskip("datatrove", reason="the extra `bigger` is not installed")
    from punie_train.workflows.collected_parts import collect_parts
    from punie_train.workflows.datatrove_steps import datatrove_pipeline

    parts, out = tmp_path / "parts", tmp_path / "out"
    for rank in (0, 1):
        if rank == 1:
            with pytest.raises(DatasetError, match="no part of task 1"):
                collect_parts("filter", data, parts, out, OPERATIONS)
            assert not out.exists()
        steps: list[Any] = datatrove_pipeline(data, parts, OPERATIONS)
        documents = None
        for step in steps:
            documents = step.run(documents, rank, 2)
        assert documents is not None
        assert sum(1 for _ in documents) > 0
    report = collect_parts("filter", data, parts, out, OPERATIONS)
    assert report.read == 166
    with pytest.raises(DatasetError, match="other data or other filters"):
        collect_parts("filter", data, parts, tmp_path / "other", OPERATIONS[:1])
