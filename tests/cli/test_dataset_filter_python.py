"""`punie-train dataset filter --min-python`: what goes, what stays, and what the report counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
CODES = {
    "two": "print 'x'",
    "old": "from typing import List",
    "today": "x: list[int] = []",
    "newer": "lazy import x",
    "broken": "def f(:",
}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Return a dataset of one row for each code."""
    path = tmp_path / "rows"
    path.mkdir()
    lines = []
    for name, code in CODES.items():
        reply = {"role": "assistant", "content": f"```python\n{code}\n```"}
        messages = [{"role": "user", "content": name}, reply]
        lines.append(json.dumps({"messages": messages}) + "\n")
    (path / "train.jsonl").write_text("".join(lines))
    return path


def _kept(output: Path) -> list[str]:
    lines = (output / "train.jsonl").read_text().splitlines()
    return [json.loads(line)["messages"][0]["content"] for line in lines]


def _filter(rows: Path, output: Path, *options: str) -> dict[str, Any]:
    done = RUNNER.invoke(app, ["dataset", "filter", str(rows), "-o", str(output), *options])
    assert done.exit_code == 0, done.exception
    return json.loads((output / "report.json").read_text())["filters"][-1]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (["--min-python", "3"], ["old", "today", "newer", "broken"]),
        (["--min-python", "3.10"], ["old", "today", "newer", "broken"]),
        (["--min-python", "3.10", "--modern"], ["today", "newer", "broken"]),
        (["--min-python", "3.8", "--modern"], ["old", "today", "newer", "broken"]),
        (["--min-python", "3", "--modern"], ["old", "today", "newer", "broken"]),
    ],
    ids=" ".join,
)
def test_rows_go_by_version_and_style(
    tmp_path: Path, rows: Path, options: list[str], kept: list[str]
) -> None:
    """Old style goes only above 3 and with --modern; the newer and the broken stay."""
    report = _filter(rows, tmp_path / "out", *options)
    assert _kept(tmp_path / "out") == kept
    assert (report["name"], report["kept"]) == ("min-python", len(kept))


def test_the_report_says_what_stayed_unjudged(tmp_path: Path, rows: Path) -> None:
    """One row is newer than the interpreter, one does not parse; removed rows say why."""
    report = _filter(rows, tmp_path / "out", "--min-python", "3.10", "--modern")
    assert report["settings"] == {"min_python": "3.10", "modern": True}
    newer, broken = sorted(report["notes"], reverse=True)
    assert newer.startswith("needs a newer Python than 3.")
    assert broken == "Python that does not parse"
    assert set(report["notes"].values()) == {1}
    removed = (tmp_path / "out" / "removed.jsonl").read_text().splitlines()
    assert [json.loads(line)["reason"] for line in removed] == [
        "Python 2: print statement in line 1",
        "style older than 3.10: typing.List in line 1",
    ]


def test_people_read_the_counts(tmp_path: Path, rows: Path) -> None:
    """The same numbers on the terminal."""
    command = ["dataset", "filter", str(rows), "-o", str(tmp_path / "out"), "--min-python", "3"]
    lines = RUNNER.invoke(app, command).stdout.splitlines()
    assert lines[0] == "5 rows read, 4 kept, 1 removed"
    assert "min-python: 1 removed" in lines
    assert "  Python that does not parse: 1" in lines


@pytest.mark.parametrize(
    ("options", "fact"),
    [
        (["--min-python", "three"], "is no version of Python"),
        (["--min-python", "2.7"], "is below 3"),
        (["--modern"], "--modern is given without --min-python"),
        ([], "no filter is given"),
    ],
)
def test_what_makes_no_sense_is_refused(
    tmp_path: Path, rows: Path, options: list[str], fact: str
) -> None:
    """Nothing is written then."""
    command = ["dataset", "filter", str(rows), "-o", str(tmp_path / "out"), *options]
    done = RUNNER.invoke(app, command)
    assert isinstance(done.exception, UsageError)
    assert fact in str(done.exception)
    assert not (tmp_path / "out").exists()
