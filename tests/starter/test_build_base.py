"""Building the base model from nothing."""

import json
from pathlib import Path

import pytest

from punie_train.core.errors import UsageError
from punie_train.starter import build, model_path
from punie_train.starter.cases import prompts_of
from punie_train.starter.corpus import corpus, corpus_hash
from punie_train.starter.network import Encoded, Recipe, batches, padded_length
from punie_train.starter.overlap import overlapping

ROOT = Path(__file__).parents[2]
TINY = Recipe(hidden=32, layers=1, intermediate=64, rows=120, batch_tokens=800, warmup=2)


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without PyTorch the build says what to install and writes nothing."""
    monkeypatch.setattr(build, "NEEDS", ("no_such_torch",))
    with pytest.raises(UsageError, match=r"no_such_torch not installed.*punie-train\[starter\]"):
        build.build_base(tmp_path / "model", TINY, [])
    assert not (tmp_path / "model").exists()


def test_with_what_it_needs_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its packages there is nothing to say."""
    monkeypatch.setattr(build, "NEEDS", ("json",))
    build.check_ready()


def test_every_row_is_trained_in_every_epoch_in_few_shapes() -> None:
    """Each epoch holds every row, in steps of at most the tokens asked for and few shapes."""
    rows = [Encoded(tuple(range(5 + number % 40)), 2) for number in range(300)]
    recipe = Recipe(epochs=2, batch_tokens=200)
    plan = batches(rows, recipe)
    half = len(plan) // 2
    assert {index for batch in plan[:half] for index in batch} == set(range(300))
    assert {index for batch in plan[half:] for index in batch} == set(range(300))
    shapes = {(len(batch), max(padded_length(rows[index]) for index in batch)) for batch in plan}
    assert all(count * length <= 200 for count, length in shapes)
    assert len(shapes) == len({padded_length(row) for row in rows})
    assert plan == batches(rows, recipe)


@pytest.mark.slow
def test_two_builds_are_equal(tmp_path: Path) -> None:
    """The same recipe gives the same files, and a report of every step."""
    steps: list[tuple[int, int]] = []
    build.build_base(tmp_path / "a", TINY, [], lambda step, of, _: steps.append((step, of)))
    build.build_base(tmp_path / "b", TINY, [])
    names = sorted(file.name for file in (tmp_path / "a").iterdir())
    assert names == sorted(file.name for file in (tmp_path / "b").iterdir())
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert steps == [(number, len(steps)) for number in range(1, len(steps) + 1)]


@pytest.mark.slow
@pytest.mark.longest
def test_the_shipped_model_never_saw_a_case() -> None:
    """The corpus of the shipped model is made again, is the same, and overlaps no case."""
    manifest = json.loads((model_path() / "manifest.json").read_text())
    prompts = prompts_of(ROOT / "evals")
    rows = corpus(manifest["recipe"]["seed"], manifest["recipe"]["rows"], prompts)
    assert overlapping(rows, prompts) == {}
    assert corpus_hash(rows) == manifest["corpus_sha256"]
