"""The manifest beside an adapter."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from punie_train.core.errors import ArtifactError
from punie_train.mlx.adapter_manifest import AdapterManifest, read_manifest, write_manifest

MANIFEST = AdapterManifest(
    base_model="starter",
    base_fingerprint="a" * 64,
    template_hash="b" * 64,
    data="data/v1",
    data_hash="c" * 64,
    parameters={"rank": 8},
    seed=1,
    versions={"mlx-lm": "0.32.2"},
    best_iteration=200,
    complete=True,
)


def test_manifest_is_read_back(tmp_path: Path) -> None:
    """What was written is read, and other keys are kept."""
    manifest = replace(MANIFEST, extra={"note": "by hand"})
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert json.loads((tmp_path / "manifest.json").read_text())["note"] == "by hand"


def test_adapter_without_a_manifest(tmp_path: Path) -> None:
    """An adapter that mlx-lm alone has made has none."""
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("content", ["{", "[]", '{"base_model": "m"}'])
def test_unreadable_manifest(tmp_path: Path, content: str) -> None:
    """A manifest that cannot be read is an error, not an absent one."""
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"manifest.json cannot be read"):
        read_manifest(tmp_path)
