"""`punie-train dataset` convert, merge, split, stats and prune, for a person and a program."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError, UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
WORDS = ("lists", "sets", "loops", "classes", "modules", "threads", "queues", "errors")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a dataset of eight texts in ChatML, and one that is none."""
    path = tmp_path / "data"
    path.mkdir()
    texts = [
        f"<|im_start|>user\nExplain {word}<|im_end|>\n<|im_start|>assistant\n{word}!<|im_end|>"
        for word in WORDS
    ]
    rows = [json.dumps({"text": text}) for text in (*texts, "no turns")]
    (path / "train.jsonl").write_text("\n".join(rows) + "\n")
    return path


def said(*arguments: object) -> str:
    """Return what a command prints; fails where it does."""
    result = RUNNER.invoke(app, ["dataset", *map(str, arguments)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def value(*arguments: object) -> Any:
    """Return what a command prints with --json."""
    return json.loads(said(*arguments, "--json"))


def test_texts_to_messages_and_back(data: Path, tmp_path: Path) -> None:
    """Counts are printed; what has no turns is in removed.jsonl; the way back gives the bytes."""
    out = said("convert", data, "--output", tmp_path / "m", "--to", "messages")
    assert "9 rows read, 8 kept, 8 changed, 1 removed" in out
    assert "the text has no ChatML turns" in out
    report = value("convert", tmp_path / "m", "--output", tmp_path / "t", "--to", "text")
    assert (report["read"], report["kept"], report["removed"]) == (8, 8, 0)
    before = (data / "train.jsonl").read_bytes().splitlines()[:8]
    assert (tmp_path / "t" / "train.jsonl").read_bytes().splitlines() == before


def test_merge_and_split(data: Path, tmp_path: Path) -> None:
    """One after the other, all rows counted."""
    said("convert", data, "--output", tmp_path / "m", "--to", "messages")
    weights = ("--weights", "2,1", "--seed", "3")
    report = value("merge", data, tmp_path / "m", "--output", tmp_path / "merged", *weights)
    assert (report["read"], report["kept"], report["removed"]) == (17, 13, 4)
    shares = ("--valid", "0.25", "--test", "0.25")
    report = value("split", tmp_path / "m", "--output", tmp_path / "s", *shares)
    kept = {name: counts["kept"] for name, counts in report["splits"].items()}
    assert kept == {"train": 4, "valid": 2, "test": 2}


def test_weights_that_do_not_fit_are_wrong_usage(data: Path, tmp_path: Path) -> None:
    """One number for two datasets; nothing is written."""
    result = RUNNER.invoke(
        app, ["dataset", "merge", str(data), "--output", str(tmp_path / "o"), "--weights", "1,2"]
    )
    assert isinstance(result.exception, UsageError)
    assert "2 numbers for 1 dataset:" in str(result.exception)
    assert not (tmp_path / "o").exists()


def test_stats_count_tokens_and_write_a_page(data: Path, tmp_path: Path) -> None:
    """With the tokenizer of the starter model; without one there are no tokens."""
    page = tmp_path / "pages" / "stats.html"
    split = value("stats", data, "--model", "starter", "--html", page)["splits"]["train"]
    assert split["tokens"]["count"] == 9
    assert split["without_tokens"] == 0
    assert "Tokens of a row" in page.read_text(encoding="utf-8")
    assert "tokens" in said("stats", data, "--model", "starter")
    assert "tokens" not in value("stats", data)["splits"]["train"]


def test_stats_of_a_model_that_is_not_there(data: Path, tmp_path: Path) -> None:
    """One message, and no page."""
    page = tmp_path / "stats.html"
    result = RUNNER.invoke(
        app, ["dataset", "stats", str(data), "--model", "./nowhere", "--html", str(page)]
    )
    assert isinstance(result.exception, ArtifactError)
    assert not page.exists()


def test_prune_says_each_step(data: Path, tmp_path: Path) -> None:
    """Three steps, and a word about the fourth; with hand-authored rows four."""
    result = RUNNER.invoke(app, ["dataset", "prune", str(data), "--output", str(tmp_path / "p")])
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("step")] == [
        "step A",
        "step B",
        "step C",
    ]
    assert "step D was left out" in result.stderr
    steps = value(
        "prune", data, "--output", tmp_path / "q", "--hand-authored", tmp_path / "p" / "a-english"
    )
    assert [one["step"] for one in steps["steps"]] == ["A", "B", "C", "D"]
    assert steps["steps"][3]["report"]["kept"] == 18


@pytest.mark.parametrize("command", ["convert", "merge", "split", "stats", "prune"])
def test_help_has_an_example(command: str) -> None:
    """One that can be copied."""
    assert f"punie-train dataset {command}" in said(command, "--help")
