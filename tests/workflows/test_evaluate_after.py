"""Which adapter a new one is measured against, and how."""

from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.core.journal import EVALUATION, TRAINING, Journal, JournalEntry
from punie_train.core.settings import Settings
from punie_train.mlx.adapter_manifest import AdapterManifest, write_manifest
from punie_train.workflows.evaluate_after import (
    best_adapter,
    check_suites,
    evaluate_after,
    evaluation_command,
)


def adapter(place: Path, *, base: str = "starter", complete: bool = True) -> None:
    """Write the manifest of an adapter."""
    place.mkdir()
    manifest = AdapterManifest(
        base_model=base,
        base_fingerprint="",
        template_hash="",
        data="",
        data_hash="",
        parameters={},
        seed=0,
        versions={},
        complete=complete,
    )
    write_manifest(place, manifest)


def journal(*scores: tuple[str | None, float | None]) -> Journal:
    """Return a journal with an evaluation for each path and score."""
    entries: list[JournalEntry] = []
    for number, (path, score) in enumerate(scores, start=1):
        facts: dict[str, Any] = {"adapters": [{"path": path, "overall": {"score": score}}]}
        entries.append(JournalEntry(number=number, kind=EVALUATION, time="", facts=facts))
    entries.append(JournalEntry(number=99, kind=TRAINING, time="", facts={"adapter": "x"}))
    return Journal(entries=tuple(entries))


def test_the_best_adapter_that_still_fits(tmp_path: Path) -> None:
    """There, complete, of the same base, not the new one; of equal ones the later."""
    adapter(tmp_path / "good")
    adapter(tmp_path / "as-good")
    adapter(tmp_path / "other", base="another")
    adapter(tmp_path / "half", complete=False)
    adapter(tmp_path / "new")
    known = journal(
        (None, 0.99),
        ("good", 0.8),
        ("gone", 0.97),
        ("as-good", 0.8),
        ("other", 0.96),
        ("half", 0.95),
        ("new", 0.94),
        ("good", None),
    )
    found = best_adapter(known, tmp_path, "starter", but=tmp_path / "new")
    assert found == str(tmp_path / "as-good")
    assert best_adapter(journal(), tmp_path, "starter", but=tmp_path / "new") is None


def test_both_are_measured_in_one_session() -> None:
    """The candidate is named last."""
    command = evaluation_command(["evals"], Path("new"), "starter", "old")
    assert command[:4] == ("pytest", "evals", "--model", "starter")
    assert command[4:10] == ("--adapter", "old", "--adapter", "new", "--eval-baseline", "old")


def test_what_is_not_there_is_told_before_training(tmp_path: Path) -> None:
    """And so is a directory without settings, where pytest has no --adapter."""
    check_suites([f"{tmp_path}::case"])
    with pytest.raises(UsageError, match="does not exist"):
        check_suites([str(tmp_path / "evals")])
    with pytest.raises(UsageError, match=r"tool\.punie-train"):
        evaluate_after(["evals"], Path("new"), "starter", Settings(root=tmp_path))
