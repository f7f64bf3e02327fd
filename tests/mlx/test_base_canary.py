"""The bare model's canary is kept by what decides it."""

from dataclasses import replace
from pathlib import Path

import pytest

from punie_train.mlx.attestation import Canary, CanaryReply
from punie_train.mlx.base_canary import (
    Baseline,
    baseline_key,
    installed,
    load_baseline,
    store_baseline,
)
from punie_train.mlx.server_config import ServerConfig

CONFIG = ServerConfig(model="m")
BASELINE = Baseline(
    canary=Canary(replies=(CanaryReply(token_ids=(1, 2), logprobs=(-0.5, -1.25)),)), noise=0.125
)


def test_canary_is_kept() -> None:
    """What was stored is found again; before, there is nothing."""
    key = baseline_key("f", "t", CONFIG)
    assert load_baseline(key) is None
    store_baseline(key, BASELINE)
    assert load_baseline(key) == BASELINE


@pytest.mark.parametrize(
    ("fingerprint", "template", "config", "same"),
    [
        ("f", "t", replace(CONFIG, adapter=Path("a"), port=1), True),
        ("other", "t", CONFIG, False),
        ("f", "other", CONFIG, False),
        ("f", "t", replace(CONFIG, kv_bits=4), False),
    ],
    ids=["another adapter", "weights", "template", "server option"],
)
def test_key(fingerprint: str, template: str, config: ServerConfig, same: bool) -> None:
    """Weights, template and server options decide; adapter and port do not."""
    key = baseline_key("f", "t", CONFIG)
    assert (baseline_key(fingerprint, template, config).file == key.file) is same


def test_versions_count() -> None:
    """Another version of mlx-lm has canaries of its own."""
    key = baseline_key("f", "t", CONFIG)
    assert any(entry.startswith("mlx-lm ") for entry in key.versions)
    assert replace(key, versions=("mlx-lm 0.0",)).file != key.file


@pytest.mark.parametrize("content", ["{", "[]", '{"canary": {}}'])
def test_unreadable_canary_is_taken_again(content: str) -> None:
    """A file that cannot be read counts as none."""
    key = baseline_key("f", "t", CONFIG)
    store_baseline(key, BASELINE)
    key.file.write_text(content)
    assert load_baseline(key) is None


def test_unwritable_cache_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A canary that cannot be kept is taken again next time."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PUNIE_TRAIN_CACHE_DIR", str(tmp_path / "file"))
    key = baseline_key("f", "t", CONFIG)
    store_baseline(key, BASELINE)
    assert load_baseline(key) is None


def test_missing_packages_are_left_out() -> None:
    """Only what is installed has a version."""
    assert installed(["no-such-package-here"]) == ()
