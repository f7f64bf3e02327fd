"""`punie-train score`: stored calls are scored again."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError, UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {
    "type": "object", "properties": {"city": {"type": "string"}, "n": {"type": "integer"}},
    "required": ["city"]}}}]  # fmt: skip
EXPECTED = [
    {"name": "f", "arguments": {"city": "New York", "n": {"any_of": [1, 2], "optional": True}}}
]


def _row(*calls: dict[str, Any], expected: Any = EXPECTED, **more: Any) -> dict[str, Any]:
    made = [{"name": "f", "arguments": call} for call in calls]
    return {"id": "r", "tools": TOOLS, "expected": expected, "calls": made} | more


def _score(tmp_path: Path, row: dict[str, Any], *options: str) -> dict[str, Any]:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row) + "\n")
    done = RUNNER.invoke(app, ["score", "--jsonl", str(file), *options])
    assert done.exit_code == 0, done.exception
    (line,) = done.stdout.splitlines()
    return json.loads(line)


ROWS = [
    ("right", _row({"city": "New York", "n": 2}), [], True),
    ("optional", _row({"city": "New York"}), [], True),
    ("case", _row({"city": "new york"}), [], False),
    ("case-normalized", _row({"city": "new york"}), ["--string-match", "normalized"], True),
    ("alternative", _row({"city": "New York", "n": 3}), [], False),
    ("not-in-schema", _row({"city": "New York", "x": 3}), [], False),
    ("twice", _row({"city": "New York"}, {"city": "New York"}), [], False),
    ("nothing", _row(), [], False),
    ("nothing-expected", _row(expected=[]), [], True),
    ("called-for-nothing", _row({"city": "x"}, expected=[]), [], False),
    ("without-tools", _row({"city": "New York"}, tools=None), [], True),
    (
        "any-order",
        _row({"city": "b"}, {"city": "a"}, expected=[
            {"name": "f", "arguments": {"city": "a"}}, {"name": "f", "arguments": {"city": "b"}}]),
        [],
        True,
    ),
    (
        "strict-order",
        _row({"city": "b"}, {"city": "a"}, expected=[
            {"name": "f", "arguments": {"city": "a"}}, {"name": "f", "arguments": {"city": "b"}}]),
        ["--order", "strict"],
        False,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "options", "passed"), [pytest.param(*row[1:], id=row[0]) for row in ROWS]
)
def test_rows_are_scored(
    row: dict[str, Any], options: list[str], passed: bool, tmp_path: Path
) -> None:
    """A row passes or says why not."""
    answer = _score(tmp_path, row, *options)
    assert (answer["id"], answer["passed"]) == ("r", passed)
    assert bool(answer["reasons"]) is not passed


def test_partial_scores_are_told(tmp_path: Path) -> None:
    """Each scorer by name."""
    scores = _score(tmp_path, _row({"city": "New York"}, {"city": "Rome"}))["scores"]
    assert scores == {
        "call_exact": 0.0,
        "tool_selection": 0.5,
        "arguments": 0.5,
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(2 / 3),
        "hallucinated_tool": 1.0,
    }
    assert _score(tmp_path, _row(expected=[]))["scores"]["irrelevance"] == 1.0


def test_nested_alternatives_are_read(tmp_path: Path) -> None:
    """Alternatives may stand inside of an object."""
    expected = [{"name": "g", "arguments": {"o": {"k": {"any_of": ["a", "b"]}, "l": [1]}}}]
    row = {"expected": expected, "calls": [{"name": "g", "arguments": {"o": {"k": "b", "l": [1]}}}]}
    answer = _score(tmp_path, row)
    assert (answer["id"], answer["passed"]) == (1, True)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param({"calls": []}, "'expected' is not a list", id="expected"),
        pytest.param({"expected": []}, "'calls' is not a list", id="calls"),
        pytest.param({"expected": [3], "calls": []}, "has no name", id="name"),
        pytest.param(
            {"expected": [], "calls": [{"name": "f", "arguments": 3}]}, "not an object", id="args"
        ),
        pytest.param({"expected": [], "calls": [], "tools": 3}, "'tools' is not", id="tools"),
    ],
)
def test_bad_rows_are_named_by_line(row: dict[str, Any], problem: str, tmp_path: Path) -> None:
    """File and line, what is wrong and what to do."""
    file = tmp_path / "rows.jsonl"
    file.write_text("\n" + json.dumps(row) + "\n")
    error = RUNNER.invoke(app, ["score", "--jsonl", str(file)]).exception
    assert isinstance(error, ArtifactError)
    assert f"{file}:2: " in str(error)
    assert problem in str(error)


def test_nothing_to_score_is_wrong_usage() -> None:
    """The message shows a whole command."""
    error = RUNNER.invoke(app, ["score"]).exception
    assert isinstance(error, UsageError)
    assert "punie-train score --jsonl" in str(error)
