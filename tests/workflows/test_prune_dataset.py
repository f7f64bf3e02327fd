"""Pruning: each step removes what it is for, from what the step before left."""

import json
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.dataset.errors import DatasetError
from punie_train.workflows.prune_dataset import prune_dataset, standard_steps

ROWS = {
    "fine": "Use a list:\n```python\nfound: list[int] = []\nprint(found)\n```",
    "french": "Bonjour, voici une explication assez longue de la fonction que vous avez demandée.",
    "two": "Here it is, as you asked me:\n```python\nprint 'hello'\n```",
    "old": "Here it is, as you asked:\n```python\nfrom typing import List\nx: List[int] = []\n```",
}


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a dataset with one row for each step and one that stays."""
    path = tmp_path / "raw"
    path.mkdir()
    lines = [
        json.dumps(
            {
                "messages": [
                    {
                        "role": "user",
                        "content": "Comment faire cela ?"
                        if name == "french"
                        else "How is it done?",
                    },
                    {"role": "assistant", "content": text},
                ]
            }
        )
        for name, text in ROWS.items()
    ]
    (path / "train.jsonl").write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    """Return a dataset of one row."""
    path = tmp_path / "hand"
    path.mkdir()
    message = {"role": "assistant", "content": "By hand."}
    (path / "train.jsonl").write_text(json.dumps({"messages": [message]}) + "\n")
    return path


def test_each_step_is_a_dataset_with_its_report(raw: Path, hand: Path, tmp_path: Path) -> None:
    """A French, B Python 2, C old style, D one row more; the recipe counts the same."""
    out = tmp_path / "out"
    done = prune_dataset(raw, out, steps=standard_steps(), hand_authored=hand)
    assert [(one.report.kept, one.report.removed) for one in done] == [
        (3, 1),
        (2, 1),
        (1, 1),
        (2, 0),
    ]
    recipe = json.loads((out / "recipe.json").read_text())
    assert [one["step"] for one in recipe["steps"]] == ["A", "B", "C", "D"]
    for step, one in zip(recipe["steps"], done, strict=True):
        directory = out / step["directory"]
        assert len((directory / "train.jsonl").read_bytes().splitlines()) == step["kept"]
        assert len((directory / "removed.jsonl").read_bytes().splitlines()) == step["removed"]
        report = json.loads((directory / "report.json").read_text())
        assert report == json.loads(json.dumps(one.report.to_json()))
    manifest = json.loads((out / "c-python-3.10" / "manifest.json").read_text())
    assert [one["operation"] for one in manifest["history"]] == ["prune-a", "prune-b", "prune-c"]


def test_the_recipe_gives_the_same_again(raw: Path, hand: Path, tmp_path: Path) -> None:
    """With --force over the old steps; without it they are not touched."""
    out = tmp_path / "out"
    prune_dataset(raw, out, steps=standard_steps(), hand_authored=hand)
    before = {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}
    with pytest.raises(UsageError, match="not empty"):
        prune_dataset(raw, out, steps=standard_steps(), hand_authored=hand)
    prune_dataset(raw, out, steps=standard_steps(), hand_authored=hand, force=True)
    assert before == {path: path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_a_missing_dataset_is_said_before_anything_is_written(raw: Path, tmp_path: Path) -> None:
    """No half of a pruning."""
    with pytest.raises(DatasetError, match="does not exist"):
        prune_dataset(
            raw, tmp_path / "out", steps=standard_steps(), hand_authored=tmp_path / "none"
        )
    assert not (tmp_path / "out").exists()


def test_a_dataset_is_not_taken_for_a_pruning(raw: Path, tmp_path: Path) -> None:
    """Even with --force."""
    (raw / "manifest.json").write_text("{}")
    with pytest.raises(UsageError, match="a dataset itself"):
        prune_dataset(raw, raw, steps=standard_steps(), force=True)
    assert len(prune_dataset(raw, tmp_path / "out", steps=standard_steps(), force=True)) == 3


def test_a_dataset_is_not_merged_with_itself(raw: Path, hand: Path, tmp_path: Path) -> None:
    """Every row would be there twice; other rows are merged."""
    with pytest.raises(UsageError, match="given twice"):
        prune_dataset(raw, tmp_path / "out", steps=standard_steps(), hand_authored=raw)
    assert not (tmp_path / "out").exists()
    assert prune_dataset(raw, tmp_path / "out", steps=standard_steps(), hand_authored=hand)


def test_an_earlier_merge_does_not_stay_beside_new_steps(
    raw: Path, hand: Path, tmp_path: Path
) -> None:
    """Without it the directory is what the recipe says; with it step D is there again."""
    out = tmp_path / "out"
    merged = out / "d-hand-authored"
    for given in (hand, None, hand):
        prune_dataset(raw, out, steps=standard_steps(), hand_authored=given, force=True)
        assert merged.is_dir() is (given is not None)
