"""`punie-train journal`: tables, a page, and JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.core.journal import append_entry

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
HOSTILE = "<script>document.title='pwned'</script>"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal of two evaluations and a training."""
    path = tmp_path / "journal.jsonl"
    for score, failed in ((0.5, ["overall"]), (0.75, [])):
        tally = {"score": score, "low": score - 0.1, "high": score + 0.1, "cases": 145}
        adapter = {
            "name": f"v3{HOSTILE}",
            "overall": tally,
            "categories": {"tool_calling": tally},
            "delivered_rate": 0.984,
        }
        facts = {"adapters": [adapter], "gates": 7, "gates_failed": failed}
        append_entry(path, "evaluation", "2026-11-21T08:00:00+00:00", facts)
    facts = {
        "adapter": "adapters/v3",
        "data": "data/v3",
        "complete": True,
        "parameters": {"iters": 260, "learning_rate": 5e-4, "lora_rank": 8},
        "train_loss": 0.0123,
        "valid_loss": 0.0191,
        "bytes": 620_000,
    }
    append_entry(path, "training", "2026-11-21T09:00:00+00:00", facts)
    return path


def _journal(path: Path, *options: str) -> Result:
    return RUNNER.invoke(app, ["journal", "--file", str(path), *options])


def _row(done: Result, start: str) -> list[str]:
    (line,) = (line for line in done.stdout.splitlines() if line.startswith(start))
    return line.split()


def test_tables_hold_every_run(path: Path) -> None:
    """Scores with intervals and gates; losses with what was asked for."""
    done = _journal(path)
    assert done.exit_code == 0, done.exception
    assert "75.0 %" in done.stdout
    assert "40.0-60.0 %" in done.stdout
    assert "1 failed" in done.stdout
    cells = _row(done, "adapters/v3")
    assert cells[-7:] == ["data/v3", "260", "0.0005", "8", "0.012", "0.019", "0.62"]


def test_the_page_draws_the_trend_and_runs_nothing(path: Path, tmp_path: Path) -> None:
    """Two plots, two tables, hostile names as text."""
    page = tmp_path / "out" / "journal.html"
    assert _journal(path, "--html", str(page)).exit_code == 0
    text = page.read_text()
    assert text.count('<svg class="progression"') == 2
    assert text.count("<circle") == 4
    assert text.count("<table>") == 2
    assert "<script" not in text


def test_json_is_one_object_a_line(path: Path) -> None:
    """Everything that was noted comes back."""
    first, _, last = map(json.loads, _journal(path, "--json").stdout.splitlines())
    assert (first["number"], first["kind"]) == (1, "evaluation")
    assert last["parameters"]["iters"] == 260


def test_a_broken_line_is_named(path: Path) -> None:
    """The rest is shown."""
    path.write_text(path.read_text() + "{\n")
    done = _journal(path)
    assert "1 lines hold no entry (line 4)" in done.stderr
    assert "75.0 %" in done.stdout


def test_entries_of_odd_shape_are_shown_as_far_as_they_go(path: Path) -> None:
    """A journal that somebody edited breaks nothing."""
    append_entry(path, "evaluation", "yesterday", {"adapters": [{"name": "v9", "overall": []}, 3]})
    append_entry(path, "evaluation", "yesterday", {"adapters": {}})
    append_entry(path, "training", "yesterday", {"parameters": None})
    done = _journal(path)
    assert done.exit_code == 0, done.exception
    assert "n/a" in " ".join(_row(done, "v9"))


def test_nothing_yet_is_said(tmp_path: Path) -> None:
    """And what to do about it."""
    error = _journal(tmp_path / "none.jsonl").exception
    assert isinstance(error, UsageError)
    assert "pytest evals" in str(error)


def test_a_page_that_cannot_be_written(path: Path, tmp_path: Path) -> None:
    """One message."""
    error = _journal(path, "--html", str(tmp_path)).exception
    assert isinstance(error, UsageError)
    assert "cannot be written" in str(error)
