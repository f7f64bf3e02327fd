"""`punie-train dataset validate`, `stats` and `filter`, as scripts and people use them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError
from punie_train.dataset.errors import DatasetError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
CHAT = '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'
HOSTILE = CHAT.replace('"role":"user"', '"role":"\\u001b[31m[bold]x"')


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a dataset with one row that is broken and one line that is none."""
    directory = tmp_path / "data"
    directory.mkdir()
    (directory / "train.jsonl").write_text(CHAT + HOSTILE + "oops\n")
    (directory / "valid.jsonl").write_text(CHAT)
    return directory


def test_validate_prints_findings_as_json(data: Path) -> None:
    """One object, as the documentation has it; errors end with 1."""
    done = RUNNER.invoke(app, ["dataset", "validate", str(data), "--json"])
    value = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (value["errors"], value["warnings"], value["rows"]) == (2, 1, 4)
    places = [(one["line"], one["code"], one["severity"]) for one in value["findings"]]
    assert places == [
        (None, "missing-split", "warning"),
        (2, "unknown-role", "error"),
        (3, "not-json", "error"),
    ]
    assert all(one["file"] and one["message"] and one["remedy"] for one in value["findings"])


def test_warnings_alone_are_no_failure(data: Path) -> None:
    """A test split may be missing."""
    (data / "train.jsonl").write_text(CHAT)
    done = RUNNER.invoke(app, ["dataset", "validate", str(data)])
    assert done.exit_code == 0
    assert "0 errors and 1 warning in 2 rows" in done.stdout
    one = RUNNER.invoke(app, ["dataset", "validate", str(data / "train.jsonl")])
    assert "nothing found in 1 row" in one.stdout


def test_findings_for_people_name_place_and_remedy(data: Path) -> None:
    """What stands in the data reaches no terminal as it is."""
    done = RUNNER.invoke(app, ["dataset", "validate", str(data)])
    assert "error: unknown-role: 1" in done.stdout
    assert "train.jsonl:2: message 1 has the role" in done.stdout
    assert "Use system, user, assistant or tool." in done.stdout
    assert "\x1b" not in done.stdout


def test_filter_writes_a_dataset_and_a_report(data: Path, tmp_path: Path) -> None:
    """Both filters in one go; the JSON is the report."""
    output = tmp_path / "out"
    command = ["dataset", "filter", str(data), "--output", str(output), "--json"]
    done = RUNNER.invoke(app, [*command, "--valid", "--min-messages", "2"])
    assert done.exit_code == 0, done.exception
    assert json.loads(done.stdout) == json.loads((output / "report.json").read_text())
    assert (output / "train.jsonl").read_text() == CHAT
    assert (output / "removed.jsonl").read_bytes().count(b"\n") == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param([], "no filter is given", id="nothing"),
        pytest.param(["--min-messages", "0"], "is below 1", id="zero"),
    ],
)
def test_a_filter_without_sense_is_refused(
    data: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    """Before anything is written."""
    output = tmp_path / "out"
    done = RUNNER.invoke(app, ["dataset", "filter", str(data), "--output", str(output), *options])
    assert isinstance(done.exception, UsageError)
    assert message in str(done.exception)
    assert not output.exists()


def test_stats_count_what_is_there(data: Path) -> None:
    """Unreadable lines are rows, too; they are told apart."""
    done = RUNNER.invoke(app, ["dataset", "stats", str(data), "--json"])
    train = json.loads(done.stdout)["splits"]["train"]
    assert (train["rows"], train["unreadable"]) == (3, 1)
    assert train["messages"]["count"] == 2
    words = RUNNER.invoke(app, ["dataset", "stats", str(data)])
    assert "train: 3 rows, 1 unreadable" in words.stdout
    assert "\x1b" not in words.stdout


def test_data_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    """For every command."""
    for command in (["validate"], ["stats"], ["filter", "--output", "x", "--valid"]):
        done = RUNNER.invoke(app, ["dataset", *command, str(tmp_path / "nowhere")])
        assert isinstance(done.exception, DatasetError)
