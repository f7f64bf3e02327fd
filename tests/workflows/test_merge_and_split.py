"""Merged and split datasets: every row is somewhere, once, and the same seed gives the same."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from punie_train.core.errors import UsageError
from punie_train.dataset.composition import parse_weights
from punie_train.dataset.variants import variant_key
from punie_train.workflows.merge_datasets import merge_datasets
from punie_train.workflows.split_dataset import split_dataset

VERBS = ("read", "check", "explain", "format", "test", "lint", "move", "rename", "open", "print")
NOUNS = ("list", "module", "class", "loop", "error", "thread", "socket", "parser", "queue", "stack")


def chat(question: str) -> bytes:
    """Return a line with a question and an answer."""
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": f"Yes: {question}"},
    ]
    return json.dumps({"messages": messages}).encode()


def dataset(path: Path, **splits: list[bytes]) -> Path:
    """Write a dataset directory."""
    path.mkdir()
    for name, lines in splits.items():
        (path / f"{name}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def lines_of(path: Path, name: str) -> list[bytes]:
    """Return the rows of a split, none where it does not exist."""
    file = path / f"{name}.jsonl"
    return file.read_bytes().splitlines() if file.is_file() else []


def read(path: Path) -> Any:
    """Return a JSON value."""
    return json.loads(path.read_bytes())


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Return a large and a small dataset, the large one with a line that is no JSON."""
    large = [chat(f"large {number}") for number in range(90)]
    return [
        dataset(tmp_path / "large", train=[*large, b"{broken"], valid=large[:10]),
        dataset(tmp_path / "small", train=[chat(f"small {number}") for number in range(20)]),
    ]


def test_weights_are_reached_and_nothing_is_lost(two: list[Path], tmp_path: Path) -> None:
    """Counts, files and manifest agree."""
    out = tmp_path / "out"
    report = merge_datasets(two, out, weights=parse_weights("0.7,0.3", 2), seed=4)
    train = lines_of(out, "train")
    shares = Counter(b"large" in line for line in train)
    assert shares == {True: 46, False: 20}
    assert len(set(train)) == 66
    assert len(lines_of(out, "valid")) == 10
    removed = [json.loads(line) for line in lines_of(out, "removed")]
    assert Counter(one["filter"] for one in removed) == {"readable": 1, "weights": 44}
    assert report.read == report.kept + report.removed == 121
    left = {json.dumps(one["example"]).encode() for one in removed if "example" in one}
    assert left | set(train) == set(lines_of(two[0], "train")[:-1] + lines_of(two[1], "train"))
    manifest = read(out / "manifest.json")
    assert [one["splits"]["train"]["taken"] for one in manifest["composition"]["inputs"]] == [
        46,
        20,
    ]
    assert manifest["files"]["train.jsonl"]["rows"] == 66
    assert any("no valid rows" in warning for warning in report.warnings)


def test_a_seed_is_a_merge(two: list[Path], tmp_path: Path) -> None:
    """The same bytes again, and others with another seed."""
    weights = parse_weights("1,1", 2)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        merge_datasets(two, tmp_path / name, weights=weights, seed=seed)
    first = (tmp_path / "a" / "train.jsonl").read_bytes()
    assert first == (tmp_path / "b" / "train.jsonl").read_bytes()
    assert first != (tmp_path / "c" / "train.jsonl").read_bytes()


def test_without_weights_every_row_is_there_and_mixed(two: list[Path], tmp_path: Path) -> None:
    """Rows of one dataset do not all come first."""
    merge_datasets(two, tmp_path / "out")
    train = lines_of(tmp_path / "out", "train")
    assert len(train) == 110
    assert len({b"large" in line for line in train[:40]}) == 2


def test_formats_that_do_not_fit_are_said(two: list[Path], tmp_path: Path) -> None:
    """F34; rows of one format are silent."""
    text = dataset(tmp_path / "text", train=[b'{"text": "x"}'])
    report = merge_datasets([two[1], text], tmp_path / "mixed")
    assert any("F34" in warning for warning in report.warnings)
    assert not merge_datasets([two[1]], tmp_path / "same").warnings


def test_a_dataset_given_twice_is_refused(two: list[Path], tmp_path: Path) -> None:
    """Each of its rows would be there twice."""
    with pytest.raises(UsageError, match="given twice"):
        merge_datasets([two[0], two[0] / "." / ""], tmp_path / "out")
    with pytest.raises(UsageError, match=r"train.jsonl is given twice"):
        merge_datasets([two[0], two[0] / "train.jsonl"], tmp_path / "out")
    merge_datasets(two, tmp_path / "out")


@pytest.fixture
def varied(tmp_path: Path) -> Path:
    """Return 100 questions in five variants each, in two splits."""
    rows = [
        chat(f"{verb} the {noun} in `f{number}.py` (example {number})")
        for number in range(5)
        for verb in VERBS
        for noun in NOUNS
    ]
    return dataset(tmp_path / "varied", train=[*rows[:400], b"[]"], valid=rows[400:])


def test_variants_stay_together(varied: Path, tmp_path: Path) -> None:
    """No template is in two splits, no row is lost, and the shares are reached."""
    out = tmp_path / "out"
    report = split_dataset(varied, out, valid=0.1, test=0.2, seed=3)
    splits = {name: lines_of(out, name) for name in ("train", "valid", "test")}
    assert {name: len(lines) for name, lines in splits.items()} == {
        "train": 350,
        "valid": 50,
        "test": 100,
    }
    keys = [{variant_key(json.loads(line)) for line in lines} for lines in splits.values()]
    assert sum(map(len, keys)) == len(set.union(*keys)) == 100
    before = [*lines_of(varied, "train")[:-1], *lines_of(varied, "valid")]
    assert sorted(before) == sorted(line for lines in splits.values() for line in lines)
    assert (report.read, report.kept, report.removed) == (501, 500, 1)
    (removed,) = map(json.loads, lines_of(out, "removed"))
    assert (removed["split"], removed["line"], removed["raw"]) == ("train", 401, "[]")
    split_dataset(varied, tmp_path / "again", valid=0.1, test=0.2, seed=3)
    assert {name: lines_of(tmp_path / "again", name) for name in splits} == splits


def test_one_large_group_is_said(tmp_path: Path) -> None:
    """The shares cannot be reached; with rows that differ nothing is said."""
    same = dataset(tmp_path / "same", train=[chat(f"Read {n}.py") for n in range(30)])
    (tmp_path / "same" / "test.jsonl").write_bytes(chat("Stop") + b"\n" + chat("Go") + b"\n")
    report = split_dataset(same, tmp_path / "out")
    assert any("variants of one example stay together" in one for one in report.warnings)
    other = [chat(f"{verb} the {noun}") for verb in VERBS for noun in NOUNS]
    report = split_dataset(dataset(tmp_path / "other", train=other), tmp_path / "fine", test=0)
    assert not report.warnings
    assert not (tmp_path / "fine" / "test.jsonl").exists()


@pytest.mark.parametrize(
    ("questions", "sizes"),
    [
        pytest.param(1, {"train": 1, "valid": 0, "test": 0}, id="one"),
        pytest.param(2, {"train": 1, "valid": 0, "test": 1}, id="two"),
        pytest.param(3, {"train": 1, "valid": 1, "test": 1}, id="three"),
    ],
)
def test_training_comes_first_where_rows_are_few(
    tmp_path: Path, questions: int, sizes: dict[str, int]
) -> None:
    """A dataset without training rows could not be used at all."""
    rows = [chat(f"{verb} the {noun}") for verb, noun in zip(VERBS, NOUNS, strict=False)]
    data = dataset(tmp_path / "few", train=rows[:questions])
    for seed in range(5):
        out = tmp_path / f"out-{seed}"
        split_dataset(data, out, seed=seed)
        found = {name: len(lines_of(out, name)) for name in sizes}
        assert sorted(found.values()) == sorted(sizes.values())
        assert found["train"] == 1
