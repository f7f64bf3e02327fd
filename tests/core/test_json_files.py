"""JSON files are whole or absent."""

import json
import os
from pathlib import Path

import pytest

from punie_train.core.json_files import write_json


def test_value_is_read_back(tmp_path: Path) -> None:
    """Directories are made, text stays readable, and nothing else is left behind."""
    path = tmp_path / "deep" / "file.json"
    write_json(path, {"name": "ä"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "ä"}
    assert "ä" in path.read_text(encoding="utf-8")
    assert list(path.parent.iterdir()) == [path]


def test_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    """A value that cannot be written leaves what was there, and no half file beside it."""
    path = tmp_path / "file.json"
    write_json(path, 1)
    with pytest.raises(TypeError):
        write_json(path, {"a": 2, "b": object()})
    assert json.loads(path.read_text()) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_is_not_utf_8_is_written_and_read_back(tmp_path: Path) -> None:
    """Its odd bytes are escapes in the file; other text stands as it is."""
    value = {"path": os.fsdecode(b"b\xffad"), "text": "é\\udcff\U0001f600"}
    write_json(tmp_path / "a.json", value)
    data = (tmp_path / "a.json").read_bytes()
    assert b"b\\udcffad" in data
    assert "é".encode() in data
    assert json.loads(data) == value
