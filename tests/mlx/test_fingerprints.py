"""Fingerprints follow the content, and large files are read once."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import ArtifactError
from punie_train.mlx.fingerprints import (
    DigestCache,
    chat_template,
    companions_hash,
    fingerprint,
    template_hash,
)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a directory that looks like a model."""
    directory = tmp_path / "model"
    directory.mkdir()
    (directory / "model.safetensors").write_bytes(b"weights")
    (directory / "config.json").write_text("{}")
    return directory


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("model.safetensors", True),
        ("model-2.safetensors", True),
        ("config.json", True),
        ("adapter_config.json", True),
        ("README.md", False),
        ("0000100_adapters.safetensors", False),
    ],
)
def test_fingerprint_follows_the_content(model: Path, name: str, counts: bool) -> None:
    """Weights and configuration count; notes and a trainer's checkpoints do not."""
    before = fingerprint(model)
    (model / name).write_text("changed")
    assert (fingerprint(model) != before) is counts


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("tokenizer.json", True),
        ("merges.txt", True),
        ("modeling.py", True),
        ("README.md", False),
        ("model.safetensors", False),
    ],
)
def test_companions_follow_what_stands_beside_the_weights(
    model: Path, name: str, counts: bool
) -> None:
    """Tokenizer, settings and code count; notes do not, and weights have their own hash."""
    before = companions_hash(model)
    (model / name).write_text("changed")
    assert (companions_hash(model) != before) is counts


def test_fingerprint_does_not_depend_on_the_place(model: Path, tmp_path: Path) -> None:
    """The same files elsewhere have the same fingerprint."""
    before = fingerprint(model)
    assert fingerprint(model.rename(tmp_path / "moved")) == before
    assert len(before) == 64


def test_directory_without_weights(tmp_path: Path) -> None:
    """A directory without weights has no fingerprint."""
    with pytest.raises(ArtifactError, match=r"holds no \*.safetensors"):
        fingerprint(tmp_path)


def test_digest_is_remembered(model: Path, tmp_path: Path) -> None:
    """A file with the same size, time and inode is not read again; another one is."""
    file, store = model / "model.safetensors", tmp_path / "digests.json"
    cache = DigestCache(store)
    first = cache.digest(file)
    cache.save()
    stat = file.stat()
    with file.open("r+b") as stream:
        stream.write(b"WEIGHTS")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert DigestCache(store).digest(file) == first
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert DigestCache(store).digest(file) != first


@pytest.mark.parametrize("content", ["{", "[]"], ids=["broken", "another shape"])
def test_unreadable_cache_is_no_obstacle(model: Path, tmp_path: Path, content: str) -> None:
    """A cache that cannot be read is begun anew."""
    store = tmp_path / "digests.json"
    store.write_text(content)
    assert fingerprint(model, cache=DigestCache(store)) == fingerprint(model)
    assert len(json.loads(store.read_text())) == 2


def test_unwritable_cache_is_no_obstacle(model: Path) -> None:
    """A cache that cannot be written costs time, not the answer."""
    cache = DigestCache(model / "config.json" / "below-a-file.json")
    assert fingerprint(model, cache=cache) == fingerprint(model)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ""),
        ({"chat_template.jinja": "T"}, "T"),
        ({"tokenizer_config.json": {"chat_template": "T"}}, "T"),
        ({"chat_template.json": {"chat_template": "T"}}, "T"),
        ({"tokenizer_config.json": {"chat_template": [{"a": 1}]}}, '[{"a": 1}]'),
        ({"tokenizer_config.json": {}}, ""),
        ({"chat_template.jinja": "T", "tokenizer_config.json": {"chat_template": "U"}}, "T"),
    ],
    ids=["none", "jinja", "tokenizer", "json", "several", "without", "jinja wins"],
)
def test_chat_template(tmp_path: Path, files: dict[str, Any], expected: str) -> None:
    """The template is found wherever conversions put it; its hash follows the text alone."""
    for name, value in files.items():
        (tmp_path / name).write_text(value if isinstance(value, str) else json.dumps(value))
    assert chat_template(tmp_path) == expected
    assert len(template_hash(tmp_path)) == 64
