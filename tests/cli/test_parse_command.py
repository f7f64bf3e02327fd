"""`punie-train parse`, as a program and as a person uses it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from punie_train.cli.app import app
from punie_train.core.errors import ArtifactError, UsageError

RUNNER = CliRunner(env={"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"})
CALL = '<tool_call>{"name": "read_file", "arguments": {"path": "a.py"}}</tool_call>'
XML = "<tool_call><function=f><parameter=n>3</parameter></function></tool_call>"
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "f",
            "parameters": {"type": "object", "properties": {"n": {"type": "integer"}}},
        },
    }
]


def _rows(path: Path, *rows: Any) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_many_replies_come_back_line_by_line(tmp_path: Path) -> None:
    """One object a row, in order, with the row's own tools."""
    file = _rows(
        tmp_path / "r.jsonl",
        {"id": "a", "text": XML, "tools": TOOLS},
        {"id": "b", "text": XML, "tools": None},
        {"id": 3, "text": "No call.", "tools": []},
        {"id": "d", "text": "<tool_call>no", "tools": TOOLS},
    )
    done = RUNNER.invoke(app, ["parse", "--jsonl", file])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [row["id"] for row in rows] == ["a", "b", 3, "d"]
    assert rows[0]["calls"] == [{"name": "f", "arguments": {"n": 3}}]
    assert rows[1]["calls"] == [{"name": "f", "arguments": {"n": "3"}}]
    assert (rows[2]["content"], rows[2]["format"]) == ("No call.", "none")
    assert rows[3]["malformed"][0]["reason"]
    assert rows[0]["details"] == [{"format": "qwen3-coder-xml", "strict": False, "known": True}]


def test_one_reply_is_told_in_words(tmp_path: Path) -> None:
    """Format, calls with their remarks, and the text; nothing raw reaches the terminal."""
    (tmp_path / "reply.txt").write_text(f"Ok \x1b[31m {CALL}")
    said = RUNNER.invoke(app, ["parse", str(tmp_path / "reply.txt")]).output
    assert "format: hermes-json" in said
    assert 'call: read_file(path="a.py")  [hermes-json, not strict]' in said
    assert "\\x1b[31m" in said
    assert "\x1b" not in said


def test_standard_input_and_json() -> None:
    """A reply can be piped in, and the answer read by a program."""
    done = RUNNER.invoke(app, ["parse", "--json"], input="Hello")
    assert json.loads(done.stdout)["content"] == "Hello"


def test_tools_come_from_a_file(tmp_path: Path) -> None:
    """Their schemas type the arguments; a broken call is told with its place."""
    (tmp_path / "tools.json").write_text(json.dumps({"tools": TOOLS}))
    arguments = ["parse", "--tools", str(tmp_path / "tools.json")]
    assert "call: f(n=3)" in RUNNER.invoke(app, arguments, input=XML).output
    assert "(character " in RUNNER.invoke(app, arguments, input="<tool_call>x").output
    assert "no call" in RUNNER.invoke(app, arguments, input="Hello").output
    assert "not offered" in RUNNER.invoke(app, arguments, input=CALL).output


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("{", "2: not JSON", id="json"),
        pytest.param("[]", "2: not a JSON object", id="array"),
        pytest.param('{"id": 1}', "2: 'text' is not a string", id="no-text"),
        pytest.param('{"text": "", "tools": 3}', "2: 'tools' is not a list", id="tools"),
        pytest.param('{"text": "", "tools": [{}]}', "2: tool 1 has no function", id="tool"),
    ],
)
def test_bad_rows_are_named_by_line(line: str, problem: str, tmp_path: Path) -> None:
    """File, line, what is wrong and what to do; the rows before it are answered."""
    file = tmp_path / "r.jsonl"
    file.write_text('{"id": 1, "text": "a", "tools": null}\n' + line + "\n")
    done = RUNNER.invoke(app, ["parse", "--jsonl", str(file)])
    assert isinstance(done.exception, ArtifactError)
    assert f"{file}:{problem}" in str(done.exception)
    assert json.loads(done.stdout.splitlines()[0])["id"] == 1


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    """A missing file, a file that holds no tools, and two inputs at once."""
    (tmp_path / "tools.json").write_text("{")
    missing = RUNNER.invoke(app, ["parse", str(tmp_path / "no.txt")]).exception
    tools = RUNNER.invoke(app, ["parse", "--tools", str(tmp_path / "tools.json")]).exception
    rows = RUNNER.invoke(app, ["parse", "--jsonl", str(tmp_path / "no.jsonl")]).exception
    both = RUNNER.invoke(app, ["parse", "a", "--jsonl", "b"]).exception
    assert "cannot be read" in str(missing)
    assert "holds no tools" in str(tools)
    assert "cannot be read" in str(rows)
    assert isinstance(both, UsageError)
