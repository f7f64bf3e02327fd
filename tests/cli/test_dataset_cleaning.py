"""dataset dedupe, decontaminate, redact and filter, as a person uses them."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import PunieTrainError, UsageError

RUNNER = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"})
LONG = "the quick brown fox jumps over the lazy dog and runs away from all of the others " * 2
TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cF2hJ4"
CASE = """suite: mine
cases:
- id: read-notes
  category: general
  prompt: Read the file notes.txt and tell me the first word
  expect: {no_call: true}
"""


def chat(user: str, reply: str) -> dict[str, Any]:
    """Return a row of one exchange."""
    turns = [{"role": "user", "content": user}, {"role": "assistant", "content": reply}]
    return {"messages": turns}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a dataset with one fault of every kind, in lines of an unusual form."""
    good = chat("How do I read it?", "Open it and read its lines.")
    train = [
        good,
        good,
        chat("Tell me, please", LONG),
        chat("Tell me, please", f"{LONG} Bye"),
        chat("Ok: read the file notes.txt and tell me the first word, now", "It is so."),
        chat(f"Log in with {TOKEN}", "You are in now (example 17)."),
        chat("Wie kann ich die Datei lesen?", "Mit der Funktion open geht das sehr gut."),
        chat("What does it do?", "TODO"),
    ]
    directory = tmp_path / "raw"
    directory.mkdir()
    for name, rows in {
        "train": train,
        "valid": [chat("how do i READ it", "Open it and read its lines")],
    }.items():
        (directory / f"{name}.jsonl").write_text(
            "".join(f"{json.dumps(row, indent=None, separators=(' ,', ' : '))}\n" for row in rows)
        )
    (tmp_path / "mine.yaml").write_text(CASE)
    return directory


def run(data: Path, *arguments: str) -> dict[str, Any]:
    """Run a command over the data; return its report."""
    output = data.parent / "out"
    done = RUNNER.invoke(
        app, ["dataset", arguments[0], str(data), "-o", str(output), "--json", *arguments[1:]]
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def removed(data: Path) -> list[tuple[str, int, str]]:
    """Return split, line and filter of what a command removed."""
    lines = (data.parent / "out" / "removed.jsonl").read_text().splitlines()
    return [(row["split"], row["line"], row["filter"]) for row in map(json.loads, lines)]


def kept_lines(data: Path) -> list[int]:
    """Return the numbers of the lines of train that are in the output as they were."""
    kept = (data.parent / "out" / "train.jsonl").read_bytes().splitlines()
    before = (data / "train.jsonl").read_bytes().splitlines()
    return [number for number, line in enumerate(before, start=1) if line in kept]


def test_dedupe_counts_every_kind(data: Path) -> None:
    """The first of each group stays byte for byte; valid is kept clear of train."""
    report = run(data, "dedupe")
    assert removed(data) == [
        ("train", 2, "exact copies"),
        ("train", 4, "near copies"),
        ("valid", 1, "normalized copies"),
    ]
    assert [one["removed"] for one in report["filters"]] == [0, 1, 1, 1]
    assert report["filters"][3]["settings"] == {"threshold": 0.8}
    assert report["filters"][3]["sample"][0]["reason"].startswith("near copy of train.jsonl:3 (")
    assert report["kept"] == 6


@pytest.mark.parametrize(
    ("options", "gone"),
    [(("--up-to", "exact"), 1), (("--up-to", "normalized"), 2), (("--threshold", "0.99"), 2)],
)
def test_dedupe_goes_as_far_as_asked(data: Path, options: tuple[str, ...], gone: int) -> None:
    """Each option reaches the search."""
    assert run(data, "dedupe", *options)["removed"] == gone


@pytest.mark.parametrize("threshold", ["0", "-1", "1.5", "nan"])
def test_a_threshold_outside_of_its_range_is_refused(data: Path, threshold: str) -> None:
    """One message; nothing is written."""
    done = RUNNER.invoke(
        app,
        [
            "dataset",
            "dedupe",
            str(data),
            "-o",
            str(data.parent / "out"),
            f"--threshold={threshold}",
        ],
    )
    assert isinstance(done.exception, UsageError)
    assert "above 0 and up to 1" in str(done.exception)
    assert not (data.parent / "out").exists()


def test_decontaminate_names_the_case(data: Path) -> None:
    """The row with the embedded prompt goes and no other."""
    report = run(data, "decontaminate", "--against", str(data.parent / "mine.yaml"))
    assert removed(data) == [("train", 5, "evaluation cases")]
    (sample,) = report["filters"][1]["sample"]
    assert sample["reason"] == "holds the prompt of evaluation case mine/read-notes"
    assert report["filters"][1]["settings"]["prompts"] == 1


def test_a_place_without_cases_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also evals by default: data that was compared with nothing is not clean."""
    monkeypatch.chdir(data)
    for options, words in (
        ([], "evals does not exist"),
        (["--against", str(data)], "holds no case file"),
        (["--against", str(data / "train.jsonl")], "train.jsonl"),
    ):
        done = RUNNER.invoke(app, ["dataset", "decontaminate", str(data), "-o", "out", *options])
        assert isinstance(done.exception, UsageError)
        assert words in str(done.exception)


def test_redact_leaves_rows_and_shows_no_secret(data: Path) -> None:
    """Kinds and places are told; the secret is in no file and on no screen."""
    output = data.parent / "out"
    said = RUNNER.invoke(app, ["dataset", "redact", str(data), "--output", str(output)])
    assert said.exit_code == 0
    assert "train:6: GitHub token in messages[0].content line 1" in said.output
    written = "".join(path.read_text() for path in output.iterdir())
    assert TOKEN not in said.output + written
    row = json.loads((output / "train.jsonl").read_text().splitlines()[5])
    assert row == chat("Log in with REDACTED_GITHUB_TOKEN", "You are in now.")
    assert kept_lines(data) == [1, 2, 3, 4, 5, 7, 8]


@pytest.mark.parametrize(
    ("option", "left"), [("--no-secrets", TOKEN), ("--no-markers", "example 17")]
)
def test_redact_takes_out_only_what_is_asked(data: Path, option: str, left: str) -> None:
    """The other kind stays."""
    report = run(data, "redact", option)
    assert (report["changed"], len(report["filters"])) == (1, 2)
    assert left in (data.parent / "out" / "train.jsonl").read_text()


def test_redact_of_nothing_is_refused(data: Path) -> None:
    """It would copy the data and call it safe."""
    done = RUNNER.invoke(
        app, ["dataset", "redact", str(data), "-o", "out", "--no-secrets", "--no-markers"]
    )
    assert isinstance(done.exception, UsageError)


def test_filter_by_language_and_quality(data: Path) -> None:
    """Each says why; the good rows stay byte for byte."""
    report = run(data, "filter", "--language", "en", "--quality")
    assert removed(data) == [("train", 7, "language"), ("train", 8, "quality")]
    assert report["filters"][1]["settings"] == {"language": "en"}
    assert kept_lines(data) == [1, 2, 3, 4, 5, 6]


def test_a_language_that_is_no_code_is_refused(data: Path) -> None:
    """`English` would call every row foreign."""
    done = RUNNER.invoke(
        app, ["dataset", "filter", str(data), "-o", "out", "--language", "English"]
    )
    assert isinstance(done.exception, UsageError)


@pytest.mark.parametrize("command", ["dedupe", "decontaminate", "redact"])
def test_an_output_that_is_taken_stays(data: Path, command: str) -> None:
    """--force is needed to replace a dataset."""
    options = ["--against", str(data.parent / "mine.yaml")] if command == "decontaminate" else []
    run(data, command, *options)
    again = ["dataset", command, str(data), "-o", str(data.parent / "out"), *options]
    assert isinstance(RUNNER.invoke(app, again).exception, PunieTrainError)
    assert RUNNER.invoke(app, [*again, "--force"]).exit_code == 0


@pytest.mark.parametrize("command", ["dedupe", "decontaminate", "redact", "filter"])
def test_help_teaches_by_example(command: str) -> None:
    """Each has examples that name it, and says what becomes of the rows."""
    said = RUNNER.invoke(app, ["dataset", command, "--help"]).output
    assert said.count(f"punie-train dataset {command} ") >= 2
    assert "Examples" in said


def test_a_terminal_shows_how_far_the_work_is(data: Path) -> None:
    """Reading and comparing have a bar each; without a terminal there is none."""
    command = ["dataset", "dedupe", str(data), "--force", "-o", str(data.parent / "out")]
    seen = RUNNER.invoke(app, command, env={"FORCE_COLOR": "1", "TERM": "xterm"}).stderr
    assert "compare" in seen
    assert "dedupe" in seen
    assert RUNNER.invoke(app, command).stderr == "Warning: valid.jsonl has no rows left\n"
